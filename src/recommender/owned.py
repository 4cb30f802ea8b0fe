"""What users have, as every model and scorer counts it."""

import numpy as np
import scipy.sparse as sp


def positives(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Give 1 for each entry above 0, and nothing for the rest, by ascending columns; shape and rows stay."""
    entries = matrix.tocoo()
    positive = entries.data > 0
    ones = np.ones(np.count_nonzero(positive), dtype=np.float32)
    owned = sp.csr_matrix((ones, (entries.row[positive], entries.col[positive])), shape=matrix.shape)
    owned.data[:] = 1  # a pair that is there twice is one
    return owned
