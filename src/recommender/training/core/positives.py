"""The interactions as the core reads them: for each user, the items that the user likes."""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError


class Positives(NamedTuple):
    """The users' positives, in compressed rows."""

    row_starts: NDArray[np.int64]
    """Shape (n_users + 1,): where each user's items begin in ``items``."""
    items: NDArray[np.int32]
    """Shape (n_positives,): item numbers, ascending for each user."""
    weights: NDArray[np.float32] | None
    """Shape (n_positives,); None: all are 1."""


def number_items(n_items: int, random_state: int) -> NDArray[np.int32]:
    """Number the items at random, which lets the compiled code guess where in a row an item would be.

    Returns
    -------
    numpy.ndarray
        Shape (n_items,): the number of each item, a permutation.
    """
    return np.random.RandomState(random_state).permutation(n_items).astype(np.int32)


def read_positives(interactions: sp.coo_matrix, item_numbers: NDArray[np.int32]) -> Positives:
    """Check the interactions, and compress them to rows. The order of the entries does not matter.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items). What is above zero is a positive of that weight; the rest is left out, as in LightFM.
    item_numbers
        Shape (n_items,): the number that each item goes by in the result.

    Raises
    ------
    RecommenderError
        There is nothing to learn from, a weight is not finite, or a pair occurs twice.
    """
    n_users, n_items = interactions.shape
    rows, columns, data = interactions.row, interactions.col, interactions.data.astype(np.float32, copy=False)
    if not np.isfinite(data).all():
        entry = int(np.flatnonzero(~np.isfinite(data))[0])
        raise RecommenderError(
            f"the weight of an interaction is {data[entry]} (user {rows[entry]}, item {columns[entry]}); "
            "weights must be finite numbers"
        )
    if not (data > 0).all():
        positive = data > 0
        rows, columns, data = rows[positive], columns[positive], data[positive]
    if not len(data):
        raise RecommenderError("there are no positive interactions to learn from")
    if rows.min() < 0 or columns.min() < 0 or rows.max() >= n_users or columns.max() >= n_items:
        raise RecommenderError(f"an interaction lies outside of the {n_users} users and {n_items} items")

    matrix = sp.coo_matrix((data, (rows, item_numbers[columns])), shape=interactions.shape).tocsr()
    if matrix.nnz < len(data):
        raise RecommenderError(
            f"{len(data) - matrix.nnz} of {len(data)} interactions repeat the user and the item of another; "
            "merge them first (data.duplicates)"
        )
    return Positives(
        row_starts=matrix.indptr.astype(np.int64),
        items=matrix.indices.astype(np.int32, copy=False),
        weights=None if (matrix.data == 1).all() else matrix.data,
    )
