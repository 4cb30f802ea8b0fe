"""Average precision, whose mean over users is MAP."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def average_precision(ranked: Ranked, k: int) -> PerUser:
    """Average the precision at the place of each test item among the first k.

    AP@k = (1 / min(k, |test|)) * sum over test items at a place r <= k of (test items up to r) / r. A user all of whose
    first min(k, |test|) are test items scores 1.

    Baeza-Yates and Ribeiro-Neto, "Modern Information Retrieval" (2011), section 4.3.2, cut off at k.
    """
    gains = np.where(ranked.place <= k, ranked.nth / ranked.place, 0)
    return ranked.total(gains) / np.minimum(k, ranked.n_tests)
