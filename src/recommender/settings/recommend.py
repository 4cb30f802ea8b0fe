"""`recommend`: the batch file of recommendations."""

from recommender.settings.base import ListLength, Settings


class RecommendSettings(Settings):
    """The content of the batch file for each user."""

    k: ListLength
    """How many programs at most."""
    include_seen: bool
    """Whether programs that the user already has may be recommended again."""
