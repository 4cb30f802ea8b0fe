"""The inverse of a large symmetric matrix, the same bytes on any number of threads and any CPU."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.peers.pairs import Pairs
from recommender.peers.solvers import solvers

Doubles = NDArray[np.float64]

TILE = 128
"""The rows and columns of a tile; ``native/kernel.h`` has the same number."""


class Sweep(NamedTuple):
    """A symmetric matrix in tiles, in place of which its inverse comes, and what the steps hand on."""

    tiles: Doubles
    """Shape (count * (count + 1) / 2, TILE, TILE): the lower triangle, row by row.

    It takes 4 bytes for each cell of the square."""
    inverse: Doubles
    """Shape (TILE, TILE): of the pivot's tile."""
    columns: Doubles
    """Shape (count, TILE, TILE): those of the pivot."""
    negated: Doubles
    """The same shape: less these columns times the inverse."""

    @classmethod
    def of(cls, n_rows: int) -> Self:
        """Make room for a matrix of so many rows."""
        count = -(-n_rows // TILE)
        return cls(*(aligned((n, TILE, TILE)) for n in (count * (count + 1) // 2, 1, count, count)))


def aligned(shape: tuple[int, ...]) -> Doubles:
    """Make an array that begins with a cache line, which is faster, and no bit different."""
    size = int(np.prod(shape))
    memory = np.empty(size + 8, dtype=np.float64)
    start = -(memory.ctypes.data // 8) % 8
    return memory[start : start + size].reshape(shape)


def number(row: int, column: int) -> int:
    """Give the number of a tile of the lower triangle."""
    return row * (row + 1) // 2 + column


def count_common(sweep: Sweep, pairs: Pairs, l2: float, pool: ThreadPoolExecutor) -> None:
    """Fill in the common users of each two items, and add a penalty on the diagonal, which is 1 beyond the items."""
    native = solvers()
    n_items, count = len(pairs.item_starts) - 1, len(sweep.columns)
    _each(pool, lambda row: native.count_common(sweep.tiles, *pairs, row, row + 1), reversed(range(count)))
    for row in range(count):
        diagonal = np.einsum("ii->i", sweep.tiles[number(row, row)])
        diagonal += l2
        diagonal[max(0, n_items - row * TILE) :] = 1


def invert(
    sweep: Sweep, pool: ThreadPoolExecutor, advance: Callable[[], None], instruction_set: str | None = None
) -> None:
    """Turn a positive definite matrix into less its inverse.

    Each output is computed by one thread, in one order: by blocks of the symmetric sweep, n cubed operations in all.

    Parameters
    ----------
    sweep
        The matrix.
    pool
        The threads.
    advance
        Called after each row of tiles.
    instruction_set
        One of those that the CPU has; None: the best.

    Raises
    ------
    RecommenderError
        The matrix is not positive definite, as far as float64 can tell.
    """
    native = solvers()
    best = instruction_set or native.instruction_sets()[-1]
    rows = range(len(sweep.columns))
    for pivot in rows:
        if not native.sweep_pivot(sweep, pivot, best):
            raise RecommenderError("the matrix is not positive definite")
        _each(pool, lambda row, pivot=pivot: native.sweep_columns(sweep, pivot, row, best), rows)
        _each(pool, lambda row, pivot=pivot: native.sweep_row(sweep, pivot, row, best), reversed(rows))
        advance()


def _each(pool: ThreadPoolExecutor, work: Callable[..., Any], rows: Any) -> None:
    """Work on each row; an exception, Ctrl-C say, calls off those that no thread has begun."""
    for _ in pool.map(work, rows):
        pass
