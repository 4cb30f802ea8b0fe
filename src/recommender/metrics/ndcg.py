"""Normalised discounted cumulative gain."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def ndcg(ranked: Ranked, k: int) -> PerUser:
    """Measure the test items among the first k, discounted by place, against the best possible list.

    NDCG@k = DCG@k / IDCG@k, DCG@k = sum over test items at a place r <= k of 1 / log2(r + 1), and IDCG@k the same for a
    list that begins with min(k, |test|) test items. So a perfect list scores 1 for every user.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (2002), for binary gains.

    Examples
    --------
    One user with two test items, at the places 1 and 3, of ten candidates:

    >>> from recommender.metrics.ranks import Ranks
    >>> ranks = Ranks(above=np.array([0, 2]), equal=np.array([0, 0]), equal_first=np.array([0, 0]))
    >>> ndcg(Ranked(starts=np.array([0, 2]), ranks=ranks, n_candidates=np.array([10])), k=3).round(4)
    array([0.9197])
    """
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(k, ranked.n_tests) - 1]
    listed = ranked.place <= k
    gains = ranked.total(np.where(listed, discounts[np.minimum(ranked.place, k) - 1], 0))
    normalised: PerUser = gains / ideal
    return normalised
