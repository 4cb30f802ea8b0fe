"""Small cases that can be checked by hand."""

import numpy as np
import scipy.sparse as sp

from recommender.measuring.task import Task
from recommender.metrics.ranked import Ranked
from recommender.metrics.ranks import ranks_of
from recommender.metrics.recommended import Recommended
from recommender.ranking.scorer import ExactBlocks, Floats


class Table(ExactBlocks):
    """Scores that are written down, shape (n_users, n_items)."""

    def __init__(self, table: list[list[float]] | Floats) -> None:
        self.table = np.array(table, dtype=np.float32)
        self.shape = self.table.shape[0], self.table.shape[1]

    def scores(self, users: np.ndarray[tuple[int, ...], np.dtype[np.integer]]) -> Floats:
        scores: Floats = self.table[users]
        return scores


def task(n_items: int, tests: list[list[int]], seen: list[list[int]] | None = None) -> Task:
    """Name each user's test items, and those of the training data."""
    return Task.make(_matrix(seen or [[] for _ in tests], n_items), _matrix(tests, n_items))


def ranked(scores: list[list[float]], tests: list[list[int]], seen: list[list[int]] | None = None) -> Ranked:
    """Rank each user's test items by written scores."""
    of = task(len(scores[0]), tests, seen)
    return Ranked(of.starts, ranks_of(Table(scores), of.test, of.users, of.train), of.n_candidates)


def recommended(lists: list[list[int]], popularity: list[int], n_users: int) -> Recommended:
    """Name each user's list."""
    return Recommended(np.array(lists, dtype=np.int32), np.array(popularity), n_users)


def _matrix(items: list[list[int]], n_items: int) -> sp.csr_matrix:
    dense = np.zeros((len(items), n_items), dtype=np.float32)
    for user, columns in enumerate(items):
        dense[user, columns] = 1
    return sp.csr_matrix(dense)
