"""Interactions with what real ones have: few popular programs and many rare ones, and users with a taste."""

import numpy as np
import scipy.sparse as sp

CLUSTERS = 50
LOYALTY = 0.7
"""The share of a user's interactions that lie in the user's own cluster."""


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
        Shape (n_users, n_items), float32, all ones, in order of users and items.
    """
    rng = np.random.default_rng(seed)
    user_weights = rng.lognormal(sigma=1.0, size=n_users)
    user_clusters = rng.integers(0, CLUSTERS, n_users)
    item_clusters = rng.integers(0, CLUSTERS, n_items)
    popularity = 1.0 / (10.0 + rng.permutation(n_items))

    everything = np.cumsum(popularity) / popularity.sum()
    by_cluster = np.argsort(item_clusters, kind="stable")
    within = np.cumsum(popularity[by_cluster])
    ends = np.searchsorted(item_clusters[by_cluster], np.arange(CLUSTERS), side="right")
    starts = np.searchsorted(item_clusters[by_cluster], np.arange(CLUSTERS), side="left")
    upto = np.concatenate([[0.0], within])

    found = np.empty(0, dtype=np.int64)
    for _ in range(8):
        missing = n_interactions - len(found)
        if missing <= n_interactions // 1000:
            break
        draws = missing + missing // 3
        users = np.searchsorted(np.cumsum(user_weights) / user_weights.sum(), rng.random(draws))
        clusters = user_clusters[np.minimum(users, n_users - 1)]
        low, high = upto[starts[clusters]], upto[ends[clusters]]
        own = by_cluster[np.minimum(np.searchsorted(within, low + rng.random(draws) * (high - low)), n_items - 1)]
        anything = np.searchsorted(everything, rng.random(draws))
        items = np.where(rng.random(draws) < LOYALTY, own, np.minimum(anything, n_items - 1))
        pairs = np.minimum(users, n_users - 1).astype(np.int64) * n_items + items
        found = np.union1d(found, pairs)
    if len(found) > n_interactions:
        found = np.sort(rng.choice(found, n_interactions, replace=False))
    rows, cols = np.divmod(found, n_items)
    data = np.ones(len(found), dtype=np.float32)
    return sp.coo_matrix((data, (rows.astype(np.int32), cols.astype(np.int32))), shape=(n_users, n_items))
