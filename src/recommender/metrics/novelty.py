"""Novelty, as mean self-information."""

import numpy as np

from recommender.metrics.recommended import PerUser, Recommended


def novelty(recommended: Recommended) -> PerUser:
    """Average the self-information -log2 p over each user's list, in bits; p is the share of users who have the item.

    An item that nobody has in the training data counts as if one user had it: the largest finite surprise. A list that
    is cut short is averaged over what it has.

    Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS 107 (2010).
    """
    return recommended.mean(np.log2(recommended.n_users / np.maximum(1, recommended.popularity)))
