"""The input of metrics of lists: the lists themselves, and how well known their items are."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

PerUser = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recommended:
    """The lists of some users, right or wrong.

    Attributes
    ----------
    items
        Shape (m, k), int32: a user's items, the best first, at least one; -1 where no candidates were left.
    popularity
        Shape (n_items,), int64: the number of users of each item in the training data.
    n_users
        The number of users in the training data, listed here or not.
    """

    items: NDArray[np.int32]
    popularity: NDArray[np.int64]
    n_users: int

    def first(self, k: int) -> Self:
        """Cut the lists off at k."""
        return replace(self, items=self.items[:, :k])

    @property
    def exposure(self) -> NDArray[np.int64]:
        """The number of lists that each item is in, shape (n_items,)."""
        return np.bincount(self.items[self.items >= 0], minlength=len(self.popularity))

    def mean(self, values: NDArray[np.float64]) -> PerUser:
        """Average over each list a value given for every item of the catalogue."""
        listed = self.items >= 0
        means: PerUser = np.where(listed, values[self.items], 0).sum(axis=1) / listed.sum(axis=1)
        return means
