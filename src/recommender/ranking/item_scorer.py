"""Scores of a linear model of items: sums of the weights of what a user has."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.files.item_weights import ItemWeights
from recommender.ranking.scorer import ExactBlocks

Floats = NDArray[np.float32]

UNKNOWN = np.finfo(np.float32).min
"""The score of an item that the model does not know: below that of every item that it knows. It is not recommended."""

_CELLS = 1 << 21
"""The number of weights held in float64 at a time: 16 MB."""


@dataclass(frozen=True, eq=False)
class ItemScorer(ExactBlocks):
    """A scorer by the sum of the weights of the user's items.

    The weights are multiples of a power of two, so their sums in float64 are exact, in whatever order the items are;
    they are rounded to float32 once.

    Attributes
    ----------
    owned
        Shape (n_users, n_items): 1 for each positive; see `recommender.owned`.
    model
        What each of the user's items adds to the score of each other.
    """

    owned: sp.csr_matrix
    model: ItemWeights

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of items."""
        n_users, n_items = self.owned.shape
        return n_users, n_items

    def scores(self, users: NDArray[np.integer]) -> Floats:
        """Score every item for some users."""
        owned, weights = self._owned[users], self._weights
        if not isinstance(weights, np.ndarray):
            sums: Floats = (owned @ weights).toarray().astype(np.float32)
            return sums
        known = np.empty((len(users), len(self.model.items)), dtype=np.float32)
        rows, places = np.unique(owned.indices, return_inverse=True)
        owned = sp.csr_matrix((owned.data, places.astype(np.int32), owned.indptr), shape=(len(users), len(rows)))
        step = max(1, _CELLS // max(1, len(rows)))
        for start in range(0, known.shape[1], step):
            columns = slice(start, start + step)
            known[:, columns] = owned @ weights[rows, columns].astype(np.float64)
        if known.shape[1] == self.shape[1]:
            return known
        scores = np.full((len(users), self.shape[1]), UNKNOWN, dtype=np.float32)
        scores[:, self.model.items] = known
        return scores

    @property
    def knows(self) -> NDArray[np.bool_]:
        """True for users who have something that the model knows, shape (n_users,)."""
        return np.diff(self._owned.indptr) > 0

    @cached_property
    def _owned(self) -> sp.csr_matrix:
        """What the model knows of what users have, in float64."""
        return self.owned.astype(np.float64)[:, self.model.items]

    @cached_property
    def _weights(self) -> Floats | sp.csr_matrix:
        weights = self.model.weights
        return weights if isinstance(weights, np.ndarray) else weights.astype(np.float64)
