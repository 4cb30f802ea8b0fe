"""Items in an order drawn for each user."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Random:
    """Scores each pair by a draw that depends on nothing but the seed and the pair.

    A `recommender.ranking.scorer.Scorer`. The draws are SplitMix64: Steele, Lea and Flood, "Fast splittable
    pseudorandom number generators", OOPSLA 2014.
    """

    shape: tuple[int, int]
    seed: int

    def block(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Draw for every item."""
        return self._draw(users[:, None], np.arange(self.shape[1])).astype(np.float32)

    def margin(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Give 0: the draws of a block are exact."""
        return np.zeros(len(users), dtype=np.float32)

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> NDArray[np.float64]:
        """Draw for pairs."""
        return self._draw(users, items).astype(np.float64)

    def _draw(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> NDArray[np.uint64]:
        """Draw 24 bits, which float32 holds exactly."""
        pair = users.astype(np.uint64) * np.uint64(self.shape[1]) + items.astype(np.uint64)
        mixed = (pair + np.uint64(self.seed << 32)) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(40)
