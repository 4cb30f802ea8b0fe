"""Precision."""

from recommender.metrics.ranked import PerUser, Ranked


def precision(ranked: Ranked, k: int) -> PerUser:
    """Measure the share of the first k that are test items.

    The divisor is always k, also for a user with fewer than k test items or candidates, as in LightFM and RecTools.

    Herlocker et al., "Evaluating collaborative filtering recommender systems", ACM TOIS 22 (2004).
    """
    return ranked.hits(k) / k
