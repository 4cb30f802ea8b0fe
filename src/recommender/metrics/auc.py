"""Area under the ROC curve."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def auc(ranked: Ranked) -> PerUser:
    """Measure the probability that a test item scores higher than another candidate; ties count half.

    AUC = mean over test items of (lower + equal / 2) / (candidates - |test|), counting only candidates that are no test
    items. A user all of whose candidates are test items scores 0.5: there is nothing to tell apart.

    Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006).
    """
    others = ranked.n_candidates - ranked.n_tests
    # A user's test items win n_tests ** 2 / 2 against each other and, by halves, against themselves: not to be counted.
    wins = ranked.total(ranked.n_candidates[ranked.user] - ranked.ranks.above - (ranked.ranks.equal + 1) / 2)
    wins -= ranked.n_tests**2 / 2
    return np.where(others > 0, wins / np.maximum(1, ranked.n_tests * others), 0.5)
