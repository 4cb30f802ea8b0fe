"""A validation part: some positives of some users."""

import numpy as np
import scipy.sparse as sp

from recommender.splits.parts import Split
from recommender.splits.random_split import random_split


def validation(matrix: sp.coo_matrix, n_users: int, fraction: float, seed: int) -> Split:
    """Set aside a share of the positives of users drawn at random, as the random split does for all users.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items); above 0: a positive.
    n_users
        How many users are drawn, of those with at least two positives; all, if there are no more.
    fraction
        The share of each of these users' positives.
    seed
        The seed of what is drawn.

    Returns
    -------
    Split
        The rest, and the part set aside, which is empty if nobody has two positives.
    """
    counts = np.bincount(matrix.row[matrix.data > 0])
    able = np.flatnonzero(counts > 1)
    drawn = np.zeros(matrix.shape[0], dtype=bool)
    drawn[np.random.default_rng(seed).permutation(able)[:n_users]] = True
    _, in_test = random_split(matrix, fraction, seed)
    in_test &= drawn[matrix.row]
    return Split.of(matrix, ~in_test, in_test)
