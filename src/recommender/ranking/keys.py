"""Scores packed with their items into whole numbers, whose order is the ranking with its tie rule."""

import numpy as np
from numpy.typing import NDArray

_SIGN = np.uint32(1 << 31)
_LAST = 0xFFFFFFFF


def pack(scores: NDArray[np.float32], items: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Pack scores and items into numbers that are greater for a higher score and, of equal scores, for a lower item.

    The bits of a float32, read as a whole number, sort like the float if the sign bit is flipped for the positive ones,
    and all bits for the negative ones. No finite score gives 0.

    Parameters
    ----------
    scores
        Shape (n,), finite.
    items
        Shape (n,), from 0 to 2**32 - 1.
    """
    bits = (scores + np.float32(0)).view(np.uint32)  # + 0 makes one of the two zeros
    high = np.where(bits & _SIGN, ~bits, bits | _SIGN).astype(np.uint64)
    return (high << np.uint64(32)) | (_LAST - items).astype(np.uint64)


def unpack(keys: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Unpack the scores and the items."""
    high = (keys >> np.uint64(32)).astype(np.uint32)
    bits = np.where(high & _SIGN, high ^ _SIGN, ~high)
    return bits.view(np.float32), _LAST - (keys & np.uint64(_LAST)).astype(np.int64)
