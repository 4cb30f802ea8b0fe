"""Interactions with what real ones have: few popular programs and many rare ones, and users with a taste."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

CLUSTERS = 50
LOYALTY = 0.7
"""The share of a user's interactions that lie in the user's own cluster."""
ROUNDS = 8
"""How often what was drawn twice is drawn anew."""


def interactions(n_users: int, n_items: int, n_interactions: int, seed: int = 0) -> sp.coo_matrix:
    """Draw interactions from a clustered, long-tailed population.

    Parameters
    ----------
    n_users, n_items
        The shape.
    n_interactions
        How many different pairs are wanted; where they are hard to find, there are somewhat fewer.
    seed
        The same seed gives the same interactions.

    Returns
    -------
    scipy.sparse.coo_matrix
        Shape (n_users, n_items), float32, all ones, in the order of users and items.
    """
    rng = np.random.default_rng(seed)
    activity = np.cumsum(rng.lognormal(size=n_users))
    user_clusters = rng.integers(0, CLUSTERS, n_users)
    item_clusters = np.sort(rng.integers(0, CLUSTERS, n_items))
    popularity = np.concatenate([[0.0], np.cumsum(1.0 / (10.0 + rng.permutation(n_items)))])
    first = popularity[np.searchsorted(item_clusters, np.arange(CLUSTERS), side="left")]
    last = popularity[np.searchsorted(item_clusters, np.arange(CLUSTERS), side="right")]

    def draw(count: int) -> NDArray[np.int64]:
        # Sorted, the numbers are found in order, which is several times faster than all over the place.
        users = _locate(activity, np.sort(rng.random(count)) * activity[-1])
        clusters = user_clusters[users]
        loyal = rng.random(count) < LOYALTY
        low, high = np.where(loyal, first[clusters], 0.0), np.where(loyal, last[clusters], popularity[-1])
        items = _locate(popularity[1:], low + rng.random(count) * (high - low))
        return users * n_items + items

    pairs = np.empty(0, dtype=np.int64)
    for _ in range(ROUNDS):
        missing = n_interactions - len(pairs)
        if missing <= 0:
            break
        pairs = np.sort(np.concatenate([pairs, draw(missing + missing // 3)]))
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    if len(pairs) > n_interactions:
        pairs = np.sort(rng.choice(pairs, n_interactions, replace=False))
    rows, columns = np.divmod(pairs, n_items)
    ones = np.ones(len(pairs), dtype=np.float32)
    return sp.coo_matrix((ones, (rows.astype(np.int32), columns.astype(np.int32))), shape=(n_users, n_items))


def _locate(edges: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """In which interval each value lies; the last edge may be missed by a rounding."""
    return np.minimum(np.searchsorted(edges, values, side="right"), len(edges) - 1)
