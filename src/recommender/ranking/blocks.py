"""Going through users in blocks of bounded memory, on several threads."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Result = TypeVar("Result")

CELLS = 1 << 21
"""How many scores a block holds at most: 8 MB of float32, about what stays in a core's cache."""


def threads(num_threads: int) -> int:
    """Return how many threads to use; 0: one for each processor that this process may use."""
    return num_threads or len(os.sched_getaffinity(0))


def in_blocks(
    work: Callable[[NDArray[np.intp]], Result],
    n_users: int,
    n_items: int,
    num_threads: int = 1,
    block_size: int | None = None,
) -> Iterator[Result]:
    """Do work on blocks of users, in order of the blocks.

    Parameters
    ----------
    work
        What is done with the positions of a block's users, shape (b,).
    n_users, n_items
        How many users there are, and how many scores each needs.
    num_threads
        How many blocks are worked on at a time; 0: one for each processor. Matrix products use one thread each.
    block_size
        How many users a block has; None: as many as keep its scores in the cache.
    """
    size = block_size or max(1, min(1024, CELLS // max(1, n_items)))
    starts = range(0, n_users, size)
    with (
        threadpool_limits(limits=1, user_api="blas"),
        ThreadPoolExecutor(threads(num_threads)) as pool,
    ):
        yield from pool.map(lambda start: work(np.arange(start, min(start + size, n_users))), starts)
