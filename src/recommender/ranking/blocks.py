"""Blocks of users: bounded memory, several threads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from recommender.execution import SEQUENTIAL, Execution
from recommender.ranking.scorer import Scorer

Result = TypeVar("Result")

CELLS = 1 << 22
"""The number of scores in a block, as far as `ROWS` allows: 16 MB of float32."""

ROWS = 16
"""Blocks have a multiple of this many users: with fewer, matrix products are slow."""


@dataclass(frozen=True)
class Block:
    """All scores of some users.

    Attributes
    ----------
    scorer
        The scorer that made them.
    users
        Shape (b,).
    scores
        Shape (b, n_items), float32; -inf: the item is excluded for the user.
    margin
        Shape (b,), float32: the largest distance of each user's scores from the exact ones.
    """

    scorer: Scorer
    users: NDArray[np.integer]
    scores: NDArray[np.float32]
    margin: NDArray[np.float32]

    @property
    def is_exact(self) -> bool:
        """True if the scores are the exact ones."""
        return not self.margin.any()

    def exact(self, rows: NDArray[np.integer], items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Score pairs exactly: a row of the block, and an item that is not excluded for it."""
        if not self.is_exact:
            return self.scorer.exact(self.users[rows], items)
        scores: NDArray[np.float32] = self.scores[rows, items]
        return scores


def scored(
    scorer: Scorer, users: NDArray[np.integer], exclude: sp.csr_matrix | None, *, precise: bool = False
) -> Block:
    """Score all items for some users, except those with an entry in `exclude`, shape (n_users, n_items)."""
    scores, margin = scorer.block(users, precise=precise)
    if exclude is not None:
        rows, items = entries(exclude, users)
        scores[rows, items] = -np.inf
    return Block(scorer, users, scores, margin)


def entries(matrix: sp.csr_matrix, users: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.integer]]:
    """List the entries of some rows: the position in `users` and the column of each."""
    starts = matrix.indptr[users]
    counts = matrix.indptr[users + 1] - starts
    rows = np.repeat(np.arange(len(users)), counts)
    return rows, matrix.indices[np.arange(len(rows)) + (starts - np.cumsum(counts) + counts)[rows]]


def cells_where(condition: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the rows and columns where a condition of shape (n, m) holds, several times as fast as `numpy.nonzero`."""
    rows, columns = np.divmod(np.flatnonzero(condition), condition.shape[1])
    return rows, columns


def in_blocks(
    work: Callable[[slice], Result],
    n_users: int,
    n_items: int,
    execution: Execution = SEQUENTIAL,
) -> Iterator[Result]:
    """Work on blocks of users, and yield the results in the order of the blocks.

    Parameters
    ----------
    work
        The work on a range of the users.
    n_users, n_items
        The number of users, and of scores for each.
    execution
        A thread works on one block at a time, and matrix products use no further ones. Progress counts users.
    """
    size = execution.block_size or min(1024, max(ROWS, CELLS // max(1, n_items) // ROWS * ROWS))
    blocks = [slice(start, min(start + size, n_users)) for start in range(0, n_users, size)]
    with _controller().limit(limits=1, user_api="blas"), ThreadPoolExecutor(execution.num_threads) as pool:
        for block, result in zip(blocks, pool.map(work, blocks), strict=True):
            execution.advance(block.stop - block.start)
            yield result


@cache
def _controller() -> ThreadpoolController:
    """Find the loaded BLAS libraries, once: it takes some milliseconds."""
    return ThreadpoolController()
