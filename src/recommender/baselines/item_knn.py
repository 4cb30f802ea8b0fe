"""Item-based nearest neighbours: items similar to those that the user has."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import SEQUENTIAL, Execution
from recommender.ranking.scorer import ExactBlocks
from recommender.ranking.top_k import top_k

_STEP = 2.0**-30
"""Similarities are multiples of this, so that their sums are exact in float64, in whatever order the items are."""


@dataclass(frozen=True, eq=False)
class ItemKNN(ExactBlocks):
    """A scorer by the sum of an item's similarities to the user's items.

    Attributes
    ----------
    owned
        Shape (n_users, n_items): 1 for each positive.
    similar
        Shape (n_items, n_items), float64: in the row of an item, the similarities of its neighbours.
    """

    owned: sp.csr_matrix
    similar: sp.csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of items."""
        n_users, n_items = self.owned.shape
        return n_users, n_items

    def scores(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        """Score every item for some users."""
        scores: NDArray[np.float32] = (self.owned[users] @ self.similar).toarray().astype(np.float32)
        return scores


def item_knn(train: sp.csr_matrix, neighbours: int = 100, execution: Execution = SEQUENTIAL) -> ItemKNN:
    """Find the neighbours of each item by the cosine of their users.

    Parameters
    ----------
    train
        Shape (n_users, n_items); entries above 0 count, each as 1.
    neighbours
        The largest number of neighbours of an item; of equally similar ones, the lower items. Items without a common
        user are not neighbours.
    execution
        How it is computed. Progress counts items.

    Notes
    -----
    Deshpande and Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22 (2004), with binary data and
    without normalising the neighbours' similarities.
    """
    entries = train.tocoo()
    positive = entries.data > 0
    ones = np.ones(np.count_nonzero(positive), dtype=np.float32)
    owned = sp.csr_matrix((ones, (entries.row[positive], entries.col[positive])), shape=train.shape)
    cosine = _Cosine(owned.T.tocsr(), owned)
    itself = sp.eye_array(train.shape[1], format="csr", dtype=np.float32)
    items, similarities = top_k(cosine, np.arange(train.shape[1]), neighbours, sp.csr_matrix(itself), execution)
    rows, places = np.nonzero(similarities > 0)
    similar = np.round(similarities[rows, places] / _STEP) * _STEP
    return ItemKNN(owned, sp.csr_matrix((similar, (rows, items[rows, places])), shape=cosine.shape))


@dataclass(frozen=True, eq=False)
class _Cosine(ExactBlocks):
    """A scorer of items for items, by the cosine of their users.

    Attributes
    ----------
    by_item, by_user
        Shapes (n_items, n_users) and (n_users, n_items): the same ones.
    """

    by_item: sp.csr_matrix
    by_user: sp.csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        n_items = self.by_item.shape[0]
        return n_items, n_items

    def scores(self, users: NDArray[np.integer]) -> NDArray[np.float32]:
        lengths = np.sqrt(np.maximum(1, np.diff(self.by_item.indptr)))
        common = (self.by_item[users] @ self.by_user).toarray()
        scores: NDArray[np.float32] = (common / lengths[users, None] / lengths).astype(np.float32)
        return scores
