"""`features`: the columns that describe users and programs to a hybrid model."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from recommender.settings.base import ColumnName, Settings
from recommender.text import shown

FeatureColumns = Annotated[list[ColumnName], Field(max_length=1000)]


class FeatureSettings(Settings):
    """The columns that describe users and programs; without any, LightFM is pure collaborative filtering."""

    users: FeatureColumns
    """Columns of `users.csv`; each distinct value becomes the feature ``column=value``."""
    programs: FeatureColumns
    """Columns of `programs.csv`, likewise."""
    separator: str | dict[str, str] | None
    """The text between several values in one cell, such as ``|`` in ``Comedy|Romance``, or for each column its own,
    such as ``{genres: "|", tags: ","}``; null, and a column that is not named there: one value a cell."""
    normalize: bool
    """True: the weights of a row's features sum to 1."""

    @field_validator("separator", mode="plain")
    @classmethod
    def _of_columns_that_describe(cls, separator: object, others: ValidationInfo) -> object:
        by_column = separator if isinstance(separator, dict) else {}
        texts = list(by_column.values()) if isinstance(separator, dict) else [separator]
        if separator is not None and not all(map(_is_separator, texts)):
            raise ValueError(
                "it must be a text of 1 to 100 characters, null, or such a text for each column by its name"
            )
        described_by = [name for table in ("users", "programs") for name in others.data.get(table, by_column)]
        for name in by_column:
            if name not in described_by:
                raise ValueError(f"the column {shown(name)} is in neither users nor programs")
        return separator


def _is_separator(text: object) -> bool:
    # Half a character, as a broken escape in YAML gives it, is in no cell.
    return isinstance(text, str) and 1 <= len(text) <= 100 and text.encode(errors="ignore").decode() == text
