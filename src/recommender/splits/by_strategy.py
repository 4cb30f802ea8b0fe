"""The parts that a strategy makes, empty or not."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.given_split import given_split
from recommender.splits.leave_last import leave_last
from recommender.splits.parts import Split
from recommender.splits.random_split import random_split
from recommender.splits.temporal_split import temporal_split


def by_strategy(
    matrix: sp.coo_matrix,
    timestamps: NDArray[np.int64] | None,
    settings: SplitSettings,
    given_test: NDArray[np.bool_] | None = None,
) -> Split:
    """Split an interaction matrix as `recommender.splits.split_matrix` does, though nothing be left to test.

    Raises
    ------
    RecommenderError
        The strategy needs times or a given split, and there are none.
    """
    if settings.strategy == "random":
        masks = random_split(matrix, settings.test_fraction, settings.seed)
    elif settings.strategy == "given":
        if given_test is None:
            raise RecommenderError(
                "split.strategy is 'given', and no column of interactions.csv is said to give a split; "
                "name it in data.columns.interactions.split, or set split.strategy to random"
            )
        masks = given_split(matrix, given_test)
    elif timestamps is None:
        raise RecommenderError(
            f"split.strategy is '{settings.strategy}', and interactions.csv has no times; "
            "name its column in data.columns.interactions.timestamp, or set split.strategy to random"
        )
    elif settings.strategy == "leave_last":
        masks = leave_last(matrix, timestamps, settings.last_n)
    else:
        masks = temporal_split(matrix, timestamps, settings.test_fraction)
    in_train, in_test = masks
    if not settings.cold_users:
        known = np.zeros(matrix.shape[0], dtype=bool)
        known[matrix.row[in_train & (matrix.data > 0)]] = True
        in_test &= known[matrix.row]
    return Split.of(matrix, in_train, in_test)
