"""`recommend`: the batch file of recommendations."""

from recommender.settings.base import ListLength, Settings


class RecommendSettings(Settings):
    """The content of the batch file for each user."""

    k: ListLength
    """The number of programs, at most."""
    include_seen: bool
    """True: programs that the user already has may be recommended again."""
