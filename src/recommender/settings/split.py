"""`split`: the interactions that the evaluated model must not see."""

from typing import Annotated, Literal

from pydantic import Field

from recommender.settings.base import Seed, Settings


class SplitSettings(Settings):
    """The interactions that the evaluated model must not see."""

    strategy: Literal["random", "leave_last", "time", "given"]
    """``random``: a share of each user's; ``leave_last``: each user's last n; ``time``: all after one moment;
    ``given``: what a column of the interactions says."""
    test_fraction: Annotated[float, Field(gt=0, lt=1)]
    """The share of interactions that is tested, for ``random`` (of each user) and ``time`` (of all)."""
    last_n: Annotated[int, Field(ge=1, le=1_000_000)]
    """The number of each user's last interactions that are tested, for ``leave_last``."""
    cold_users: bool
    """True: users of whom the training data knows nothing may be tested."""
    seed: Seed
    """The seed of the random split."""
