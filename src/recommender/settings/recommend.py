"""`recommend`: what the batch file holds for each user."""

from recommender.settings.base import ListLength, Settings


class RecommendSettings(Settings):
    """What the batch file holds for each user."""

    k: ListLength
    """How many programs at most."""
    include_seen: bool
    """Whether programs that the user already has may be recommended again."""
