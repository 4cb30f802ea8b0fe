"""Threads, blocks and progress of a piece of work. None of them can change a result."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self


def nothing(*_: Any, **__: Any) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Execution:
    """The way in which a piece of work is done; its result is the same bytes in any case.

    Attributes
    ----------
    num_threads
        The number of threads, at least 1.
    block_size
        The number of users ranked at a time; None: as many as keep a block small.
    advance
        Called as ``advance(steps)`` after each part of the work; see `recommender.pipeline.progress`.
    """

    num_threads: int = 1
    block_size: int | None = None
    advance: Callable[..., None] = nothing

    def __post_init__(self) -> None:
        if self.num_threads < 1:
            raise ValueError(f"num_threads is {self.num_threads}; it must be at least 1")

    def quiet(self) -> Self:
        """Give the same without progress, for a part of some work that shows its own."""
        return replace(self, advance=nothing)


SEQUENTIAL = Execution()
"""One thread, no progress."""


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
