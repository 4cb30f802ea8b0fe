"""`features`: which columns describe users and programs to a hybrid model."""

from typing import Annotated

from pydantic import Field

from recommender.settings.base import ColumnName, Settings

FeatureColumns = Annotated[list[ColumnName], Field(max_length=1000)]


class FeatureSettings(Settings):
    """Which columns describe users and programs, and how; with none, LightFM is pure collaborative filtering."""

    users: FeatureColumns
    """Columns of `users.csv`; each distinct value becomes the feature ``column=value``."""
    programs: FeatureColumns
    """Columns of `programs.csv`, likewise."""
    separator: Annotated[str, Field(min_length=1, max_length=100)] | None
    """What stands between several values in one cell, such as ``|`` in ``Comedy|Romance``; null: one value a cell."""
    normalize: bool
    """Whether the weights of a row's features sum to 1."""
