"""What can be ranked: anything that scores all items for a block of users."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Scorer(Protocol):
    """Scores items for users.

    A product of matrices differs in its last bits with its shape, the library and the CPU. So a scorer has two scores:
    a fast one for whole blocks, and the exact one, which alone decides. Both are at most
    `margin` apart, but for what is the same for all items of a user.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""

    def block(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Score every item fast, shape (len(users), n_items), in an array that the caller may change."""

    def margin(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """How far the fast score of each user may be from the exact one, shape (len(users),)."""

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> NDArray[np.float64]:
        """Score pairs, shape (n,), by a computation whose bits depend on nothing but the pair."""
