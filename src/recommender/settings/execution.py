"""`execution`: how the work is done. Nothing here can change a result, so no stage depends on it."""

from typing import Annotated

from pydantic import Field

from recommender.settings.base import Settings


class ExecutionSettings(Settings):
    """How the work is done. Nothing here can change a result, so no stage depends on it."""

    num_threads: Annotated[int, Field(ge=0, le=1024)]
    """How many threads; 0: one for each processor that this process may use."""
    progress: bool
    """Whether long work shows a bar on a terminal."""
