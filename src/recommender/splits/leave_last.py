"""Each user's last positives."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def leave_last(matrix: sp.coo_matrix, timestamps: NDArray[np.int64], last_n: int) -> tuple[Mask, Mask]:
    """Test each user's last positives; entries of the same moment are in the order of the file.

    A user keeps at least one positive to train on. Known negatives after the user's first tested positive are in
    neither part, because training on them would be training on the future.

    Each user has a clock of their own: what others did later than the test is trained on. `temporal_split` does not
    allow that.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items); above 0: a positive.
    timestamps
        Shape (nnz,), int64.
    last_n
        How many positives of each user are tested at most.

    Returns
    -------
    in_train, in_test
        Shape (nnz,), bool each.
    """
    order = np.lexsort((timestamps, matrix.row))
    users, positive = matrix.row[order], matrix.data[order] > 0
    counts = np.bincount(users[positive], minlength=matrix.shape[0])
    seen = np.cumsum(positive)
    before = (np.cumsum(counts) - counts)[users]
    nth = seen - before  # how many of the user's positives up to here
    trained = np.maximum(counts - last_n, np.minimum(counts, 1))[users]
    in_train, in_test = np.zeros(matrix.nnz, dtype=bool), np.zeros(matrix.nnz, dtype=bool)
    in_test[order] = positive & (nth > trained)
    in_train[order] = nth <= trained
    return in_train, in_test
