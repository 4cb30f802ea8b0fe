"""The popularity of items, and its average over lists."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.metrics.recommended import PerUser, Recommended


def users_of_each_item(interactions: sp.csr_matrix) -> NDArray[np.int64]:
    """Count the users of each item, shape (n_items,); entries of `interactions` above 0 count."""
    return np.bincount(interactions.indices[interactions.data > 0], minlength=interactions.shape[1])


def popularity(recommended: Recommended) -> PerUser:
    """Average over each user's list how many users have the item in the training data.

    A list that is cut short is averaged over what it has.

    Abdollahpouri, Burke and Mobasher, "Managing popularity bias in recommender systems with personalized re-ranking",
    FLAIRS 2019.
    """
    return recommended.mean(recommended.popularity.astype(np.float64))
