"""What lists are like as a whole, whether they are right or not."""

import numpy as np
from numpy.typing import NDArray

Lists = NDArray[np.int32]


def coverage(lists: Lists, n_items: int) -> float:
    """Measure which share of all items is in at least one user's list (catalogue coverage).

    Ge et al., "Beyond accuracy: evaluating recommender systems by coverage and serendipity", RecSys 2010.
    """
    return float(np.count_nonzero(exposure(lists, n_items)) / n_items)


def gini(lists: Lists, n_items: int) -> float:
    """Measure how unequally items are recommended: 0, all alike; near 1, a few get all.

    G = sum over items i, by ascending exposure x, of (2 i - n - 1) x_i / (n sum x).

    Fleder and Hosanagar, "Blockbuster culture's next rise or fall", Management Science 55 (2009).
    """
    counts = np.sort(exposure(lists, n_items))
    weights = 2 * np.arange(1, n_items + 1) - n_items - 1
    return float((weights * counts).sum() / (n_items * max(1, counts.sum())))


def novelty(lists: Lists, popularity: NDArray[np.integer], n_users: int) -> NDArray[np.float64]:
    """Average the self-information -log2 p of each user's list, p being the share of users who have the item, in bits.

    An item that nobody has counts as if one user had it. An empty list scores 0.

    Vargas and Castells, "Rank and relevance in novelty and diversity metrics for recommender systems", RecSys 2011.
    """
    return _means(lists, -np.log2(np.maximum(1, popularity) / n_users))


def mean_popularity(lists: Lists, popularity: NDArray[np.integer]) -> NDArray[np.float64]:
    """Average over each user's list how many users have the item (average recommendation popularity).

    An empty list scores 0.

    Abdollahpouri et al., "Managing popularity bias in recommender systems with personalized re-ranking", FLAIRS 2019.
    """
    return _means(lists, popularity.astype(np.float64))


def exposure(lists: Lists, n_items: int) -> NDArray[np.int64]:
    """Count in how many lists each item is, shape (n_items,)."""
    return np.bincount(lists[lists >= 0], minlength=n_items).astype(np.int64)


def _means(lists: Lists, values: NDArray[np.float64]) -> NDArray[np.float64]:
    listed = lists >= 0
    sums = np.where(listed, values[lists], 0).sum(axis=1)
    means: NDArray[np.float64] = sums / np.maximum(1, listed.sum(axis=1))
    return means
