"""Scores of a factor model: dot products of embeddings, plus biases."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.files.factors import Factors

Floats = NDArray[np.float32]

_CELLS = 1 << 20
"""The number of products held at a time: 8 MB of float64."""


@dataclass(frozen=True, eq=False)
class FactorScorer:
    """A `recommender.ranking.scorer.Scorer` over a model's factors.

    Attributes
    ----------
    factors
        The embeddings and biases of users and items.
    """

    factors: Factors

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of items."""
        return self.factors.shape

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:
        """Score every item by one matrix product, in float64 if `precise`; see `Scorer`."""
        right = self._right_precise if precise else self._right
        left = np.empty((len(users), len(right)), dtype=right.dtype)
        left[:, :-2] = self.factors.user_embeddings[users]
        left[:, -2] = self.factors.user_biases[users]
        left[:, -1] = 1
        margin = self._margin(users, precise=precise)
        scores: Floats = np.matmul(left, right).astype(np.float32, copy=False)
        return scores, margin

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Score pairs in float64, rounded to float32 at the end; see `Scorer`.

        The products are exact, and their order of addition depends on their number alone.
        """
        scores = np.empty(len(users), dtype=np.float32)
        step = max(1, _CELLS // max(1, self.factors.user_embeddings.shape[1]))
        for start in range(0, len(users), step):
            part = slice(start, start + step)
            products = (
                self.factors.user_embeddings[users[part]].astype(np.float64) * self.factors.item_embeddings[items[part]]
            )
            biases = self.factors.user_biases[users[part]].astype(np.float64) + self.factors.item_biases[items[part]]
            scores[part] = _sum_by_halves(products) + biases
        return scores

    def _margin(self, users: NDArray[np.integer], *, precise: bool) -> Floats:
        """Bound the distance between the scores of `block` and `exact`.

        A sum of n products in any order is off by at most n u / (1 - n u) times the sum of the products' sizes, where u
        is the unit roundoff (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1); by
        Cauchy-Schwarz, the norms bound that sum. Four more roundings to float32 are granted: one for each of the two
        scores, and two for adding the margin to a score. One per cent covers the rounding of the bound itself.
        """
        single = np.finfo(np.float32)
        terms = self.factors.user_embeddings.shape[1] + 2
        roundings = 4 if precise else 4 + terms
        margin = 1.01 * (roundings * single.eps / 2 * self._largest_sizes[users] + terms * single.tiny)
        bounds: Floats = margin.astype(np.float32)
        return bounds

    @cached_property
    def _right(self) -> NDArray[np.floating]:
        ones = np.ones_like(self.factors.item_biases)
        return np.ascontiguousarray(np.column_stack([self.factors.item_embeddings, ones, self.factors.item_biases]).T)

    @cached_property
    def _right_precise(self) -> NDArray[np.floating]:
        return self._right.astype(np.float64)

    @cached_property
    def _largest_sizes(self) -> NDArray[np.float64]:
        """A bound for each user on the sum of the sizes of a score's terms."""
        user_norms, item_norms = (
            np.sqrt(np.einsum("ij,ij->i", embeddings, embeddings, dtype=np.float64))
            for embeddings in (self.factors.user_embeddings, self.factors.item_embeddings)
        )
        item_biases = np.abs(self.factors.item_biases).max(initial=0)
        sizes: NDArray[np.float64] = (
            user_norms * item_norms.max(initial=0) + np.abs(self.factors.user_biases) + item_biases
        )
        if sizes.max(initial=0) > np.finfo(np.float32).max / 2:
            raise RecommenderError(
                "the model's scores are too large for float32, so it cannot rank; "
                "train it again with a lower train.learning_rate"
            )
        return sizes


def _sum_by_halves(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up each row, shape (n, m), the second half onto the first until one column is left."""
    if not terms.shape[1]:
        return np.zeros(len(terms))
    while terms.shape[1] > 1:
        half = (terms.shape[1] + 1) // 2
        terms[:, : terms.shape[1] - half] += terms[:, half:]
        terms = terms[:, :half]
    return terms[:, 0]
