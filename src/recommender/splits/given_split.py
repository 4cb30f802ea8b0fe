"""A split that the data itself gives."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def given_split(matrix: sp.coo_matrix, given_test: Mask) -> tuple[Mask, Mask]:
    """Test the positives that the data puts into test, and train on all that it puts into train.

    Known negatives in test are in neither part.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items); above 0: a positive.
    given_test
        Shape (nnz,): whether the data puts the entry into test, and not into train.

    Returns
    -------
    in_train, in_test
        Shape (nnz,), bool each.
    """
    return ~given_test, given_test & (matrix.data > 0)
