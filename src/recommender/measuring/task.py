"""The ranking task: the same users, candidates and test items for every model."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.metrics.popularity import users_of_each_item


@dataclass(frozen=True, eq=False)
class Task:
    """The interactions that are known, and those that are to be found.

    Attributes
    ----------
    train
        Shape (n_users, n_items): known interactions, which are not candidates. Above 0: a positive.
    test
        Shape (n_users, n_items), the same rows: the items to find, none of them in `train`.
    users
        Shape (m,): the users with at least one test item.
    """

    train: sp.csr_matrix
    test: sp.csr_matrix
    users: NDArray[np.intp]

    @classmethod
    def make(cls, train: sp.csr_matrix, test: sp.csr_matrix) -> Self:
        """Make the task of every user with a test item.

        Parameters
        ----------
        train, test
            Shape (n_users, n_items) each, without duplicates. Entries of `test` that are not above 0 are left out.

        Raises
        ------
        RecommenderError
            There is nothing to find, or an interaction is in both `train` and `test`.
        """
        if not (test.data > 0).all():
            found = test.tocoo()
            kept = found.data > 0
            test = sp.csr_matrix((found.data[kept], (found.row[kept], found.col[kept])), shape=test.shape)
        if not test.nnz:
            raise RecommenderError("there is no test interaction to find; see the settings of split")
        leaked = _pattern(train).multiply(_pattern(test)).nnz
        if leaked:
            raise RecommenderError(
                f"{leaked} of {test.nnz} test interactions are in the training data too, so every metric would be "
                "wrong; run the stage split again, and test only what it set aside"
            )
        return cls(train, test, np.flatnonzero(np.diff(test.indptr)))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The offsets of each of `users`' test items in ``test[users]``, shape (m + 1,)."""
        return np.concatenate([[0], np.cumsum(np.diff(self.test.indptr)[self.users], dtype=np.int64)])

    @cached_property
    def n_train(self) -> NDArray[np.int64]:
        """The number of positives of each of `users` in `train`."""
        before = np.concatenate([[0], np.cumsum(self.train.data > 0, dtype=np.int64)])
        counts: NDArray[np.int64] = np.diff(before[self.train.indptr])[self.users]
        return counts

    @property
    def n_candidates(self) -> NDArray[np.int64]:
        """The number of candidates of each of `users`."""
        return self.train.shape[1] - np.diff(self.train.indptr)[self.users].astype(np.int64)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """The number of users of each item in `train`, shape (n_items,)."""
        return users_of_each_item(self.train)

    @property
    def consumed(self) -> NDArray[np.int64]:
        """The number of users of each item in `test`, shape (n_items,)."""
        return users_of_each_item(self.test)


def _pattern(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Replace every entry by 1."""
    ones = np.ones(matrix.nnz, dtype=np.int8)
    return sp.csr_matrix((ones, matrix.indices, matrix.indptr), shape=matrix.shape)
