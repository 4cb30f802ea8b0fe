"""The interface of what can be ranked: anything that scores all items for a block of users."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Scorer(Protocol):
    """Anything that scores items for users.

    The last bits of a matrix product depend on its shape, the library and the CPU. So a scorer scores twice: whole
    blocks fast, within a stated bound, and single pairs exactly. The exact score alone decides.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of items."""

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:
        """Score every item for some users.

        Parameters
        ----------
        users
            Shape (b,).
        precise
            Whether a tighter bound is worth twice the time.

        Returns
        -------
        scores : ndarray of shape (b, n_items), float32
            Finite, and the caller's to change.
        margin : ndarray of shape (b,), float32
            The largest distance of each user's scores from the exact ones; 0: they are exact.
        """

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Score pairs, shape (n,), with bits that depend on nothing but the pair."""


class ExactBlocks:
    """The base of scorers whose blocks are exact."""

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:  # noqa: ARG002 - exact in any case
        """Score every item for some users; see `Scorer`."""
        return self.scores(users), np.zeros(len(users), dtype=np.float32)

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Score pairs; see `Scorer`. Ranking does not need it, because the block is exact."""
        scores: Floats = self.scores(users)[np.arange(len(users)), items]
        return scores

    def scores(self, users: NDArray[np.integer]) -> Floats:
        """Score every item for some users, shape (len(users), n_items), in a new array."""
        raise NotImplementedError
