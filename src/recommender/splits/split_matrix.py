"""The split by the strategy that the settings name."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.by_strategy import by_strategy
from recommender.splits.parts import Split


def split_matrix(
    matrix: sp.coo_matrix,
    timestamps: NDArray[np.int64] | None,
    settings: SplitSettings,
    given_test: NDArray[np.bool_] | None = None,
) -> Split:
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
    given_test
        Shape (nnz,): whether the data puts each entry into test, and not into train; None: it does not say.

    Raises
    ------
    RecommenderError
        A strategy needs times or a given split and there are none, or nothing is left to train on or to test.

    Examples
    --------
    Each user's last interaction is tested, if there is one before it to train on:

    >>> matrix = sp.coo_matrix((np.ones(3, np.float32), ([0, 0, 1], [2, 0, 1])), shape=(2, 3))
    >>> settings = SplitSettings(strategy="leave_last", last_n=1, test_fraction=0.2, cold_users=False, seed=42)
    >>> parts = split_matrix(matrix, np.array([20, 10, 30]), settings)
    >>> parts.train.col, parts.test.col
    (array([0, 1], dtype=int32), array([2], dtype=int32))
    """
    parts = by_strategy(matrix, timestamps, settings, given_test)
    if settings.strategy == "given":
        _require_given(parts)
    if not parts.test.nnz:
        raise RecommenderError(
            f"split.strategy '{settings.strategy}' leaves nothing to test: {int((matrix.data > 0).sum())} positives "
            f"of {len(np.unique(matrix.row))} users are too few; add interactions, or change the settings of split"
        )
    return parts


def _require_given(parts: Split) -> None:
    if not (parts.train.data > 0).any():
        raise RecommenderError(
            "split.strategy 'given' leaves nothing to train on: no positive is in train; "
            "mend the column that data.columns.interactions.split names, or change split.strategy"
        )
    if not parts.test.nnz:
        raise RecommenderError(
            "split.strategy 'given' leaves nothing to test: no positive in test is of a user who has one in train; "
            "mend the column that data.columns.interactions.split names, or change the settings of split"
        )
