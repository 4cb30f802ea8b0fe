"""All metrics of one model, user by user."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.metrics import AT_K, FULL
from recommender.metrics.beyond_accuracy import coverage, exposure, gini, mean_popularity, novelty
from recommender.metrics.ranked import PerUser, Ranked
from recommender.ranking.ranks import ranks_of
from recommender.ranking.scorer import Scorer
from recommender.ranking.topk import top_k


@dataclass(frozen=True)
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
    def make(cls, train: sp.csr_matrix, test: sp.csr_matrix) -> "Task":
        """Take every user with a test item."""
        return cls(train, test, np.flatnonzero(np.diff(test.indptr)))

    @property
    def popularity(self) -> NDArray[np.int64]:
        """How many users have each item in `train`, shape (n_items,)."""
        positive = self.train.indices[self.train.data > 0]
        return np.bincount(positive, minlength=self.train.shape[1]).astype(np.int64)


@dataclass(frozen=True)
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


def measure(scorer: Scorer, task: Task, ks: list[int], num_threads: int = 1) -> Measured:
    """Rank all candidates for all users of the task, and compute every metric.

    Parameters
    ----------
    scorer
        The model.
    task
        What is to be ranked.
    ks
        The lengths of list.
    num_threads
        How many threads; it cannot change the result.
    """
    ranks = ranks_of(scorer, task.test, task.users, task.train, num_threads)
    starts = np.concatenate([[0], np.cumsum(np.diff(task.test.indptr)[task.users])])
    n_items = task.train.shape[1]
    ranked = Ranked(starts, ranks, n_items - np.diff(task.train.indptr)[task.users].astype(np.int64))
    popular = task.popularity
    lists, _ = top_k(scorer, task.users, max(ks), task.train, num_threads)

    per_user = {f"{name}@{k}": metric(ranked, k) for k in ks for name, metric in AT_K.items()}
    per_user |= {name: metric(ranked) for name, metric in FULL.items()}
    overall = {}
    for k in ks:
        first = lists[:, :k]
        per_user[f"novelty@{k}"] = novelty(first, popular, task.train.shape[0])
        per_user[f"popularity@{k}"] = mean_popularity(first, popular)
        overall[f"coverage@{k}"] = coverage(first, n_items)
        overall[f"gini@{k}"] = gini(first, n_items)
    return Measured(per_user, overall, exposure(lists[:, : ks[0]], n_items))
