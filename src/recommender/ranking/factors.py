"""A factor model's representations of users and items."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Factors:
    """A user's score of an item is the dot product of their embeddings, plus both biases.

    Attributes
    ----------
    user_embeddings, item_embeddings
        Shapes (n_users, d) and (n_items, d), float32.
    user_biases, item_biases
        Shapes (n_users,) and (n_items,), float32.
    """

    user_embeddings: Floats
    user_biases: Floats
    item_embeddings: Floats
    item_biases: Floats

    def arrays(self) -> dict[str, Floats]:
        """Give the arrays by their names, for a file."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""
        return len(self.user_biases), len(self.item_biases)

    def block(self, users: NDArray[np.integer]) -> Floats:
        """Score every item by one matrix product, without the users' biases; see `Scorer`."""
        left = np.empty((len(users), self.user_embeddings.shape[1] + 1), dtype=np.float32)
        left[:, :-1] = self.user_embeddings[users]
        left[:, -1] = 1
        scores: Floats = np.matmul(left, self._right)
        return scores

    def margin(self, users: NDArray[np.integer]) -> Floats:
        """Bound the rounding error of `block`.

        A dot product of n terms in any order is off by at most n u / (1 - n u) times the sum of the terms' sizes, u
        being the unit roundoff (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1). The sum
        is bounded by Cauchy-Schwarz. Twice as much is granted, for the rounding of this bound itself.
        """
        terms = self.user_embeddings.shape[1] + 2
        roundoff = terms * np.finfo(np.float32).eps
        norms = np.sqrt(np.square(self.user_embeddings[users]).sum(axis=1))
        bounds: Floats = roundoff * (norms * self._largest_norm + self._largest_bias)
        return bounds.astype(np.float32)

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> NDArray[np.float64]:
        """Score pairs in double precision, one component after the other; see `Scorer`.

        Products of two float32 are exact in float64, and no matrix product is used, so no CPU sums in another order.
        """
        scores: NDArray[np.float64] = self.item_biases[items].astype(np.float64) + self.user_biases[users]
        for component in range(self.user_embeddings.shape[1]):
            left = self.user_embeddings[users, component].astype(np.float64)
            scores += left * self.item_embeddings[items, component]
        return scores

    @cached_property
    def _right(self) -> Floats:
        return np.ascontiguousarray(np.column_stack([self.item_embeddings, self.item_biases]).T)

    @cached_property
    def _largest_norm(self) -> float:
        return float(np.sqrt(np.square(self.item_embeddings, dtype=np.float64).sum(axis=1).max(initial=0)))

    @cached_property
    def _largest_bias(self) -> float:
        return float(np.abs(self.item_biases).max(initial=0))
