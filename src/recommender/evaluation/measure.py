"""All metrics of one model, user by user."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.metrics import AT_K, CATALOGUE, FULL, LISTS
from recommender.metrics.ranked import PerUser, Ranked
from recommender.metrics.recommended import Recommended
from recommender.ranking.blocks import in_blocks, scored
from recommender.ranking.ranks import Ranks, ranks_in
from recommender.ranking.scorer import Scorer
from recommender.ranking.topk import best


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be ranked: the same for every model.

    Attributes
    ----------
    train
        Shape (n_users, n_items): what was known; its entries are no candidates. Above 0: a positive.
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
        """Take every user with a test item.

        Parameters
        ----------
        train, test
            Shape (n_users, n_items) each, without duplicates. Entries of `test` that are not above 0 are left out.

        Raises
        ------
        RecommenderError
            There is nothing to find, or something is both in `train` and in `test`.
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
        """Where the test items of each of `users` begin in ``test[users]``, and its end; shape (m + 1,)."""
        return np.concatenate([[0], np.cumsum(np.diff(self.test.indptr)[self.users], dtype=np.int64)])

    @cached_property
    def n_train(self) -> NDArray[np.int64]:
        """How many positives each of `users` has in `train`."""
        before = np.concatenate([[0], np.cumsum(self.train.data > 0, dtype=np.int64)])
        counts: NDArray[np.int64] = np.diff(before[self.train.indptr])[self.users]
        return counts

    @property
    def n_candidates(self) -> NDArray[np.int64]:
        """How many items each of `users` could get."""
        return self.train.shape[1] - np.diff(self.train.indptr)[self.users].astype(np.int64)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """How many users have each item in `train`, shape (n_items,)."""
        return np.bincount(self.train.indices[self.train.data > 0], minlength=self.train.shape[1])

    @property
    def consumed(self) -> NDArray[np.int64]:
        """How many users have each item in `test`, shape (n_items,)."""
        return np.bincount(self.test.indices, minlength=self.test.shape[1])


@dataclass(frozen=True, eq=False)
class Measured:
    """The metrics of one model.

    Attributes
    ----------
    per_user
        Shape (m,) each: the value of each user, by the metric's name, such as ``ndcg@10`` or ``auc``.
    overall
        Metrics of all lists together, such as ``coverage@10``.
    exposure
        Shape (n_items,): in how many users' lists each item is, at the first k.
    """

    per_user: dict[str, PerUser]
    overall: dict[str, float]
    exposure: NDArray[np.int64]


def measure(
    scorer: Scorer,
    task: Task,
    ks: Sequence[int],
    num_threads: int = 1,
    block_size: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> Measured:
    """Rank all candidates for all users of the task, and compute every metric.

    Parameters
    ----------
    scorer
        The model.
    task
        What is to be ranked.
    ks
        The lengths of list.
    num_threads, block_size
        How it is computed; they cannot change the result.
    advance
        Called after each block with how many users it had.
    """
    ranks, lists = _rank(scorer, task, max(ks), num_threads, block_size, advance)
    ranked = Ranked(task.starts, ranks, task.n_candidates)
    recommended = Recommended(lists, task.popularity, task.train.shape[0])
    per_user: dict[str, PerUser] = {}
    overall: dict[str, float] = {}
    for k in ks:
        first = recommended.first(k)
        per_user |= {f"{name}@{k}": metric(ranked, k) for name, metric in AT_K.items()}
        per_user |= {f"{name}@{k}": metric(first) for name, metric in LISTS.items()}
        overall |= {f"{name}@{k}": metric(first) for name, metric in CATALOGUE.items()}
    per_user |= {name: metric(ranked) for name, metric in FULL.items()}
    return Measured(per_user, overall, recommended.first(ks[0]).exposure)


def _rank(
    scorer: Scorer,
    task: Task,
    k: int,
    num_threads: int,
    block_size: int | None,
    advance: Callable[[int], None] | None,
) -> tuple[Ranks, NDArray[np.int32]]:
    """Rank the test items and list the best k, from the same scores."""
    n_items = task.train.shape[1]
    lists = np.empty((len(task.users), min(k, n_items)), dtype=np.int32)

    def rank(part: slice) -> Ranks:
        block = scored(scorer, task.users[part], task.train, precise=True)
        lists[part], _ = best(block, lists.shape[1])
        return ranks_in(block, task.test)

    parts = list(in_blocks(rank, len(task.users), n_items, num_threads, block_size, advance))
    return Ranks.concatenate(parts), lists


def _pattern(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Put 1 in place of every entry."""
    ones = np.ones(matrix.nnz, dtype=np.int8)
    return sp.csr_matrix((ones, matrix.indices, matrix.indptr), shape=matrix.shape)
