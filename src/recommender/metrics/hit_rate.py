"""Hit rate."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def hit_rate(ranked: Ranked, k: int) -> PerUser:
    """Tell whether any test item is among the first k: 1 or 0.

    Deshpande and Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22 (2004).
    """
    return (ranked.hits(k) > 0).astype(np.float64)
