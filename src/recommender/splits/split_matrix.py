"""The split by the strategy that the settings name."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.leave_last import leave_last
from recommender.splits.parts import Split
from recommender.splits.random_split import random_split
from recommender.splits.temporal_split import temporal_split


def split_matrix(matrix: sp.coo_matrix, timestamps: NDArray[np.int64] | None, settings: SplitSettings) -> Split:
    """Split an interaction matrix.

    Every positive is in train or in test, never in both. A split by time leaves out positives that would mean training
    on the future or testing what cannot be known; each strategy says which. Known negatives are never tested.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items), float32, each pair once; above 0: a positive, below: a known negative.
    timestamps
        Shape (nnz,), int64: when each entry happened; None: nobody knows.
    settings
        The strategy and what it takes.

    Raises
    ------
    RecommenderError
        A strategy needs times and there are none, or nothing is left to test.

    Examples
    --------
    Each user's last interaction is tested, if there is one before it to train on:

    >>> matrix = sp.coo_matrix((np.ones(3, np.float32), ([0, 0, 1], [2, 0, 1])), shape=(2, 3))
    >>> settings = SplitSettings(strategy="leave_last", last_n=1, test_fraction=0.2, cold_users=False, seed=42)
    >>> parts = split_matrix(matrix, np.array([20, 10, 30]), settings)
    >>> parts.train.col, parts.test.col
    (array([0, 1], dtype=int32), array([2], dtype=int32))
    """
    if settings.strategy == "random":
        parts = random_split(matrix, settings.test_fraction, settings.seed)
    elif timestamps is None:
        raise RecommenderError(
            f"split.strategy is '{settings.strategy}', and interactions.csv has no times; "
            "name its column in data.columns.interactions.timestamp, or set split.strategy to random"
        )
    elif settings.strategy == "leave_last":
        parts = leave_last(matrix, timestamps, settings.last_n)
    else:
        parts = temporal_split(matrix, timestamps, settings.test_fraction)
    in_train, in_test = parts
    if not settings.cold_users:
        known = np.zeros(matrix.shape[0], dtype=bool)
        known[matrix.row[in_train & (matrix.data > 0)]] = True
        in_test &= known[matrix.row]
    if not in_test.any():
        raise RecommenderError(
            f"split.strategy '{settings.strategy}' leaves nothing to test: {int((matrix.data > 0).sum())} positives "
            f"of {len(np.unique(matrix.row))} users are too few; add interactions, or change the settings of split"
        )
    return Split.of(matrix, in_train, in_test)
