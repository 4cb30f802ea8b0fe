"""Embeddings as the core wants them: rows that begin on a cache line and are filled up to whole vectors."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

LANES = 16
"""Floats in a vector; the same number is in ``native/epoch.h``."""

Floats = NDArray[np.float32]


class Rows(NamedTuple):
    """What is learned about users, or about items."""

    embeddings: Floats
    """Shape (n, row_length), filled up with zeros."""
    accumulators: Floats
    """The same shape: Adagrad's sums of squared gradients, filled up with infinity, which makes the step zero."""
    biases: Floats
    """Shape (n,)."""
    bias_accumulators: Floats
    """Shape (n,)."""

    @classmethod
    def of(cls, embeddings: Floats, accumulators: Floats, biases: Floats, bias_accumulators: Floats) -> Self:
        """Copy arrays of shapes (n, no_components) and (n,)."""
        return cls(
            _filled_up(embeddings, 0.0), _filled_up(accumulators, np.inf), biases.copy(), bias_accumulators.copy()
        )

    def arrays(self, no_components: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Copy out what :meth:`of` took in."""
        return (
            self.embeddings[:, :no_components].copy(),
            self.accumulators[:, :no_components].copy(),
            self.biases.copy(),
            self.bias_accumulators.copy(),
        )

    def are_finite(self, no_components: int) -> bool:
        """Whether all that has been learned is a number."""
        learned = (self.embeddings, self.accumulators[:, :no_components], self.biases, self.bias_accumulators)
        return all(bool(np.isfinite(array).all()) for array in learned)


def _filled_up(array: Floats, value: float) -> Floats:
    n, no_components = array.shape
    row_length = -(-no_components // LANES) * LANES
    memory = np.empty(n * row_length + LANES, dtype=np.float32)
    offset = -memory.ctypes.data % (LANES * memory.itemsize) // memory.itemsize
    rows = memory[offset : offset + n * row_length].reshape(n, row_length)
    rows[:, :no_components] = array
    rows[:, no_components:] = value
    return rows
