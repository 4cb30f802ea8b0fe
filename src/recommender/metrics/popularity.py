"""Average popularity of what is recommended."""

import numpy as np

from recommender.metrics.recommended import PerUser, Recommended


def popularity(recommended: Recommended) -> PerUser:
    """Average over each user's list how many users have the item in the training data.

    A list that is cut short is averaged over what it has.

    Abdollahpouri, Burke and Mobasher, "Managing popularity bias in recommender systems with personalized re-ranking",
    FLAIRS 2019.
    """
    return recommended.mean(recommended.popularity.astype(np.float64))
