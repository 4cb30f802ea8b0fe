"""The most popular items, for everybody."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.metrics.popularity import users_of_each_item
from recommender.ranking.scorer import ExactBlocks


@dataclass(frozen=True, eq=False)
class MostPopular(ExactBlocks):
    """A scorer by the number of an item's users, the same for everybody.

    Attributes
    ----------
    shape
        The number of users and of items.
    counts
        Shape (n_items,), float32, which holds whole numbers below 2**24 exactly.
    """

    shape: tuple[int, int]
    counts: NDArray[np.float32]

    def scores(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Score every item for some users."""
        return np.tile(self.counts, (len(users), 1))


def most_popular(train: sp.csr_matrix) -> MostPopular:
    """Count the users of each item in `train`, shape (n_users, n_items); entries above 0 count."""
    return MostPopular(train.shape, users_of_each_item(train).astype(np.float32))
