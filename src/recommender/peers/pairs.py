"""The positives by users and by items, as the compiled code reads them."""

from typing import NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.owned import positives

Starts = NDArray[np.int64]
Numbers = NDArray[np.int32]


class Pairs(NamedTuple):
    """Pairs of a user and an item, in compressed rows of either, ascending."""

    item_starts: Starts
    """Shape (n_items + 1,): where each item's users begin in ``users``."""
    users: Numbers
    """Shape (n_pairs,)."""
    user_starts: Starts
    """Shape (n_users + 1,): where each user's items begin in ``items``."""
    items: Numbers
    """Shape (n_pairs,)."""

    @classmethod
    def of(cls, train: sp.csr_matrix) -> Self:
        """Take the entries above 0 of a matrix, shape (n_users, n_items)."""
        owned = positives(train)
        return cls(*_rows(owned.T.tocsr()), *_rows(owned))

    @property
    def users_of_items(self) -> Starts:
        """The number of each item's users."""
        return np.diff(self.item_starts)

    @property
    def items_of_users(self) -> Starts:
        """The number of each user's items."""
        return np.diff(self.user_starts)


def _rows(matrix: sp.csr_matrix) -> tuple[Starts, Numbers]:
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False)
