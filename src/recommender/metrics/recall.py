"""Recall."""

from recommender.metrics.ranked import PerUser, Ranked


def recall(ranked: Ranked, k: int) -> PerUser:
    """Measure the share of the test items that are among the first k.

    The divisor is the number of test items, so a user with more than k of them cannot reach 1.

    Herlocker et al., "Evaluating collaborative filtering recommender systems", ACM TOIS 22 (2004).
    """
    return ranked.hits(k) / ranked.n_tests
