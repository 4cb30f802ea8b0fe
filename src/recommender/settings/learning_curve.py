"""`learning_curve`: the points of the learning curve."""

from typing import Annotated

from pydantic import Field

from recommender.settings.base import ListLength, Seed, Settings


class LearningCurveSettings(Settings):
    """The points of the learning curve. A curve costs one more training, and a ranking for each point."""

    every: Annotated[int, Field(ge=0, le=1_000_000)]
    """After how many epochs the model is measured, each time; 0: there is no curve, and it costs nothing."""
    users: Annotated[int, Field(ge=1, lt=2**31)]
    """The number of users that it is measured on, at most; drawn at random."""
    validation_fraction: Annotated[float, Field(gt=0, lt=1)]
    """The share of these users' training interactions that is set aside to measure on."""
    k: ListLength
    """The length of list at which the metrics are taken."""
    seed: Seed
    """The seed of what is drawn."""
