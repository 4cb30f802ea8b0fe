"""A share of each user's positives, drawn at random."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def random_split(matrix: sp.coo_matrix, test_fraction: float, seed: int) -> tuple[Mask, Mask]:
    """Draw a share of each user's positives for the test.

    Of n positives, floor(n * test_fraction + 0.5) are tested, and at least one when there are two or more; one always
    stays to train on. All else is trained on. Which are drawn depends on the seed and the order of the entries.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items); above 0: a positive.
    test_fraction
        The share that is tested.
    seed
        The seed of the draw.

    Returns
    -------
    in_train, in_test
        Shape (nnz,), bool each.
    """
    positive = np.flatnonzero(matrix.data > 0)
    users = matrix.row[positive]
    counts = np.bincount(users)
    tested = np.clip(np.floor(counts * test_fraction + 0.5).astype(np.int64), 1, counts - 1)
    drawn = np.lexsort((np.random.default_rng(seed).random(len(users)), users))
    nth = np.arange(len(users)) - (np.cumsum(counts) - counts)[users[drawn]]
    in_test = np.zeros(matrix.nnz, dtype=bool)
    in_test[positive[drawn[nth < tested[users[drawn]]]]] = True
    return ~in_test, in_test
