"""Validation parts: interactions that are set aside from the training data."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.by_strategy import by_strategy
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


def split_again(train: sp.coo_matrix, timestamps: NDArray[np.int64] | None, settings: SplitSettings) -> Split:
    """Split the training data as the whole was split, for a choice between models that never sees the test.

    Where the data gave the split, the training data is split at random.

    Parameters
    ----------
    train
        Shape (n_users, n_items), the training part of a split by the same settings.
    timestamps
        Shape (nnz,), int64: when each entry of it happened; None: nobody knows.
    settings
        The strategy and what it takes.

    Returns
    -------
    Split
        The rest, and what is validated on, as its `test`.

    Raises
    ------
    RecommenderError
        Nothing is left to validate on, or the strategy needs times and there are none.
    """
    strategy = "random" if settings.strategy == "given" else settings.strategy
    parts = by_strategy(train, timestamps, settings.model_copy(update={"strategy": strategy}))
    if not parts.test.nnz:
        raise RecommenderError(
            f"split.strategy '{settings.strategy}' leaves nothing to validate on: {int((train.data > 0).sum())} "
            f"training positives of {len(np.unique(train.row))} users are too few; "
            "add interactions, or change the settings of split"
        )
    return parts
