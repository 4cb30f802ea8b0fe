"""Embeddings as the core reads them: rows that begin on a cache line and are padded to whole vectors."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

LANES = 16
"""The floats of a vector; ``native/epoch.h`` has the same number."""

Floats = NDArray[np.float32]


class Rows(NamedTuple):
    """The learned rows of the users, or of the items."""

    embeddings: Floats
    """Shape (n, row_length), padded with zeros."""
    accumulators: Floats
    """The same shape: Adagrad's sums of squared gradients, padded with infinity, so that padding never moves."""
    biases: Floats
    """Shape (n,)."""
    bias_accumulators: Floats
    """Shape (n,)."""

    @classmethod
    def of(cls, embeddings: Floats, accumulators: Floats, biases: Floats, bias_accumulators: Floats) -> Self:
        """Copy arrays of shapes (n, no_components) and (n,), and pad them."""
        return cls(_padded(embeddings, 0.0), _padded(accumulators, np.inf), biases.copy(), bias_accumulators.copy())

    @classmethod
    def start(cls, random: np.random.RandomState, n: int, no_components: int) -> Self:
        """Draw ``n`` rows that nothing has been learned about, as LightFM does."""
        embeddings = ((random.rand(n, no_components) - 0.5) / no_components).astype(np.float32)
        zeros, ones = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        return cls.of(embeddings, np.ones_like(embeddings), zeros, ones)

    def arrays(self, no_components: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Copy them without the padding, in the order of :meth:`of`."""
        return (
            self.embeddings[:, :no_components].copy(),
            self.accumulators[:, :no_components].copy(),
            self.biases.copy(),
            self.bias_accumulators.copy(),
        )

    def are_finite(self, no_components: int) -> bool:
        """Tell whether all that has been learned is finite."""
        learned = (self.embeddings, self.accumulators[:, :no_components], self.biases, self.bias_accumulators)
        return all(bool(np.isfinite(array).all()) for array in learned)


def _padded(array: Floats, padding: float) -> Floats:
    n, no_components = array.shape
    row_length = -(-no_components // LANES) * LANES
    memory = np.empty(n * row_length + LANES, dtype=np.float32)
    offset = -memory.ctypes.data % (LANES * memory.itemsize) // memory.itemsize
    rows = memory[offset : offset + n * row_length].reshape(n, row_length)
    rows[:, :no_components] = array
    rows[:, no_components:] = padding
    return rows
