"""`recommend`: what the batch file holds for each user."""

from typing import Annotated

from pydantic import Field

from recommender.settings._base import Settings


class RecommendSettings(Settings):
    """What the batch file holds for each user."""

    k: Annotated[int, Field(ge=1)]
    """How many programs at most."""
    include_seen: bool
    """Whether programs that the user already has may be recommended again."""
