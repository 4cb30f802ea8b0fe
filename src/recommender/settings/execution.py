"""`execution`: threads and progress. No stage depends on it, because it cannot change a result."""

from typing import Annotated

from pydantic import Field

from recommender.settings.base import Settings


class ExecutionSettings(Settings):
    """Threads and progress. No stage depends on these, because they cannot change a result."""

    num_threads: Annotated[int, Field(ge=0, le=1024)]
    """The number of threads; 0: one for each processor that this process may use."""
    progress: bool
    """True: long work shows a bar on a terminal."""
