"""A factor model's representations of users and items."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError

Floats = NDArray[np.float32]

_CELLS = 1 << 20
"""How many products of components are held at a time: 8 MB of float64."""


@dataclass(frozen=True, eq=False)
class Factors:
    """A user's score of an item is the dot product of their embeddings, plus both biases.

    A `recommender.ranking.scorer.Scorer`.

    Attributes
    ----------
    user_embeddings, item_embeddings
        Shapes (n_users, d) and (n_items, d), float32.
    user_biases, item_biases
        Shapes (n_users,) and (n_items,), float32.

    Raises
    ------
    RecommenderError
        The arrays do not belong together, or a number is not finite.
    """

    user_embeddings: Floats
    user_biases: Floats
    item_embeddings: Floats
    item_biases: Floats

    def __post_init__(self) -> None:
        d = self.user_embeddings.shape[-1]
        wanted = [
            (len(self.user_biases), d),
            (len(self.user_biases),),
            (len(self.item_biases), d),
            (len(self.item_biases),),
        ]
        found = [getattr(self, field.name) for field in fields(self)]
        if [array.shape for array in found] != wanted or {array.dtype for array in found} != {np.dtype(np.float32)}:
            described = ", ".join(f"{array.dtype} {array.shape}" for array in found)
            raise RecommenderError(f"these arrays are no model: {described}")
        for field in fields(self):
            if not np.isfinite(getattr(self, field.name)).all():
                raise RecommenderError(
                    f"the model's {field.name} are not all finite, so it cannot rank; "
                    "train it again with a lower train.learning_rate"
                )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""
        return len(self.user_biases), len(self.item_biases)

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:
        """Score every item by one matrix product, in float64 if it is to be precise; see `Scorer`."""
        right = self._right_precise if precise else self._right
        left = np.empty((len(users), len(right)), dtype=right.dtype)
        left[:, :-2] = self.user_embeddings[users]
        left[:, -2] = self.user_biases[users]
        left[:, -1] = 1
        margin = self._margin(users, precise=precise)
        scores: Floats = np.matmul(left, right).astype(np.float32, copy=False)
        return scores, margin

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Score pairs in float64, rounded to float32 in the end; see `Scorer`.

        The products are exact, and they are added in an order that depends on their number only.
        """
        scores = np.empty(len(users), dtype=np.float32)
        step = max(1, _CELLS // max(1, self.user_embeddings.shape[1]))
        for start in range(0, len(users), step):
            part = slice(start, start + step)
            products = self.user_embeddings[users[part]].astype(np.float64) * self.item_embeddings[items[part]]
            biases = self.user_biases[users[part]].astype(np.float64) + self.item_biases[items[part]]
            scores[part] = _sum_by_halves(products) + biases
        return scores

    def _margin(self, users: NDArray[np.integer], *, precise: bool) -> Floats:
        """Bound the distance between the scores of `block` and `exact`.

        A sum of n products in any order is off by at most n u / (1 - n u) times the sum of the products' sizes, u being
        the unit roundoff (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1); by
        Cauchy-Schwarz, the norms bound that sum. Four more roundings to float32 are granted: one of each of the two
        scores, and two for whoever adds the margin to a score. One per cent is for the rounding of the bound itself.
        """
        single = np.finfo(np.float32)
        terms = self.user_embeddings.shape[1] + 2
        roundings = 4 if precise else 4 + terms
        margin = 1.01 * (roundings * single.eps / 2 * self._largest_sizes[users] + terms * single.tiny)
        bounds: Floats = margin.astype(np.float32)
        return bounds

    @cached_property
    def _right(self) -> NDArray[np.floating]:
        ones = np.ones_like(self.item_biases)
        return np.ascontiguousarray(np.column_stack([self.item_embeddings, ones, self.item_biases]).T)

    @cached_property
    def _right_precise(self) -> NDArray[np.floating]:
        return self._right.astype(np.float64)

    @cached_property
    def _largest_sizes(self) -> NDArray[np.float64]:
        """For each user, what no sum of the sizes of a score's terms exceeds."""
        user_norms, item_norms = (
            np.sqrt(np.einsum("ij,ij->i", embeddings, embeddings, dtype=np.float64))
            for embeddings in (self.user_embeddings, self.item_embeddings)
        )
        item_biases = np.abs(self.item_biases).max(initial=0)
        sizes: NDArray[np.float64] = user_norms * item_norms.max(initial=0) + np.abs(self.user_biases) + item_biases
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
