"""Shares of recommendations and of consumption by the popularity of items: data for a plot."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recommender.files.columns import MODEL
from recommender.measuring.headline import DIGITS

GROUPS = 10


def popularity_shares(
    popularity: NDArray[np.int64], counts: Mapping[str, NDArray[np.int64]], groups: int = GROUPS
) -> pa.Table:
    """Compute the shares that go to groups of items, the most popular first.

    Parameters
    ----------
    popularity
        Shape (n_items,): how many users have each item in the training data.
    counts
        By name, shape (n_items,) each: how often each item is recommended by a model, or consumed in the test.
    groups
        The number of groups of equal size, give or take one; equally popular items keep their order.

    Returns
    -------
    table
        ``model, items, share``: of everything counted under the name, the share that goes to the items up to this share
        of the catalogue, such as 0.1 for the most popular tenth, and beyond those before.
    """
    order = np.argsort(-popularity, kind="stable")
    bounds = np.arange(groups + 1) * len(order) // groups

    def shares(count: NDArray[np.int64]) -> NDArray[np.float64]:
        before = np.concatenate([[0], np.cumsum(count[order])])
        share: NDArray[np.float64] = np.round(np.diff(before[bounds]) / before[-1], DIGITS)
        return share

    items = np.arange(1, groups + 1) / groups
    return pa.concat_tables(
        pa.table({MODEL: pa.repeat(name, groups), "items": items, "share": shares(count)})
        for name, count in counts.items()
    )
