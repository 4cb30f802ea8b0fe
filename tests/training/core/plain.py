"""What the plain Python of the tests shares: random numbers, and rows that learn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
EVERY_BIT = 2**64 - 1


def random_bits(key: int, counter: int) -> int:
    bits = (key + (counter + 1) * 0x9E3779B97F4A7C15) & EVERY_BIT
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & EVERY_BIT
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & EVERY_BIT
    return bits ^ bits >> 31


def below(bits: int, limit: int) -> int:
    return (bits & 0xFFFFFFFF) * limit >> 32


@dataclass
class Side:
    """Users, items or sources: an embedding with the bias as its last column, and what Adagrad has summed up."""

    values: Doubles
    sums: Doubles
    alpha: float
    scale: float = 1.0

    def step(self, row: int, gradient: Doubles, rate: float) -> float:
        rates = rate / np.sqrt(self.sums[row])
        self.sums[row] += gradient**2
        self.values[row] = (self.values[row] - rates * gradient) * (1 + self.alpha * rates)
        return float(rates.sum())
