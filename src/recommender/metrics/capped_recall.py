"""Recall of those that a list has room for."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def capped_recall(ranked: Ranked, k: int) -> PerUser:
    """Measure the share of the test items, or of as many as there is room for, that are among the first k.

    The divisor is min(k, |test|), so a list of k test items scores 1 however many others there are.

    Liang, Krishnan, Hoffman and Jebara, "Variational autoencoders for collaborative filtering", WWW 2018, who call it
    Recall@R.
    """
    return ranked.hits(k) / np.minimum(k, ranked.n_tests)
