"""A random order of items for each user."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.scorer import ExactBlocks


@dataclass(frozen=True)
class RandomOrder(ExactBlocks):
    """A scorer by draws from [0, 1) that depend on nothing but the seed and the pair.

    The draws mix the numbers of user and item by the finaliser of MurmurHash3
    (Appleby, 2011; in the public domain).

    Attributes
    ----------
    shape
        The number of users and of items.
    seed
        The seed of the draws, from 0 to 2**32 - 1.
    """

    shape: tuple[int, int]
    seed: int

    def scores(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Draw for every item."""
        user_keys = _mixed(_mixed(users.astype(np.uint32)) ^ np.uint32(self.seed))
        item_keys = _mixed(np.arange(self.shape[1], dtype=np.uint32) ^ np.uint32(0x9E3779B9))
        drawn = _mixed(user_keys[:, None] + item_keys)
        drawn >>= np.uint32(8)  # 24 bits are what float32 holds exactly
        scores = drawn.astype(np.float32)
        scores *= np.float32(2**-24)
        return scores


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Mix the bits of each number, in a new array."""
    mixed = numbers ^ (numbers >> np.uint32(16))
    for factor, shift in ((0x85EBCA6B, 13), (0xC2B2AE35, 16)):
        mixed *= np.uint32(factor)
        mixed ^= mixed >> np.uint32(shift)
    return mixed
