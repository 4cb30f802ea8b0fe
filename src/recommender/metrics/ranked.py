"""The input of accuracy metrics: the places of each user's test items."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.metrics.ranks import Ranks

PerUser = NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """The places of some users' test items. Each of the users has at least one.

    Attributes
    ----------
    starts
        Shape (n_users + 1,), int64: the test items of user u are those from ``starts[u]`` to ``starts[u + 1]``.
    ranks
        The rank of each test item, a user's in any order.
    n_candidates
        Shape (n_users,), int64: the number of candidates of each user, the test items among them.
    """

    starts: NDArray[np.int64]
    ranks: Ranks
    n_candidates: NDArray[np.int64]

    @cached_property
    def n_tests(self) -> NDArray[np.int64]:
        """The number of test items of each user."""
        return np.diff(self.starts)

    @cached_property
    def user(self) -> NDArray[np.int64]:
        """The position of each test item's user."""
        return np.repeat(np.arange(len(self.n_tests)), self.n_tests)

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """The rank of each test item, from 1, ascending for each user."""
        return np.sort((self.user << 32) | self.ranks.rank) & 0xFFFFFFFF

    @cached_property
    def nth(self) -> NDArray[np.int64]:
        """The number of each entry of `place` among its user's, from 1."""
        return np.arange(len(self.user)) - self.starts[self.user] + 1

    def total(self, values: NDArray[np.generic]) -> PerUser:
        """Sum values over each user's test items."""
        return np.add.reduceat(values.astype(np.float64), self.starts[:-1])

    def hits(self, k: int) -> PerUser:
        """Count the test items among each user's first k."""
        return self.total(self.place <= k)
