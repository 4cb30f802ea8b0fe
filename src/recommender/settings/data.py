"""`data`: the reading of the three CSV files, and the definition of a positive."""

import codecs
from typing import Annotated, Literal

from pydantic import Field, field_validator

from recommender.settings.base import ColumnName, Settings

NO_ENCODINGS_OF_FILES = ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7")
"""Text encodings of Python that no file can be trusted to be in."""


class UserColumns(Settings):
    """Names of the columns of `users.csv`."""

    user_id: ColumnName
    """The column with the user's id."""


class ProgramColumns(Settings):
    """Names of the columns of `programs.csv`."""

    program_id: ColumnName
    """The column with the program's id."""
    title: ColumnName | None
    """The column that people read; where it is null or not in the file, the id is shown."""


class InteractionColumns(Settings):
    """Names of the columns of `interactions.csv`."""

    user_id: ColumnName
    """The column with the user's id."""
    program_id: ColumnName
    """The column with the program's id."""
    interaction: ColumnName | None
    """The column with the number that says how much; null: there is none, and each row counts 1."""
    timestamp: ColumnName | None
    """The column with the time; where it is null or not in the file, the data has no times."""
    split: ColumnName | None
    """The column that says ``train`` or ``test``, for ``split.strategy: given``; null: there is none."""


class Columns(Settings):
    """Names of the columns in your files; nobody has to rewrite an export."""

    users: UserColumns
    programs: ProgramColumns
    interactions: InteractionColumns


class DataSettings(Settings):
    """The reading of the three CSV files, and the definition of a positive."""

    positive_threshold: Annotated[float, Field(allow_inf_nan=False)]
    """A row is a positive when its interaction is at least this."""
    below_threshold: Literal["drop", "negative"]
    """The meaning of a lower row: nothing, or a known negative (trained on by ``logistic``, never recommended)."""
    weight: Literal["none", "interaction"]
    """The weight of a positive: 1, or its interaction."""
    columns: Columns
    encoding: Annotated[str, Field(max_length=100)]
    """The encoding of the three files, such as ``utf-8`` or ``latin-1``."""
    delimiter: str
    """The character between two cells, in ASCII; a tab is ``"\\t"``, in quotes."""
    timestamp_format: Literal["auto", "seconds", "milliseconds", "iso8601"]
    """The format of times (of the years 1 to 9999); ``auto``: that of the first time in one of these formats."""
    duplicates: Literal["error", "first", "last", "max", "sum"]
    """The meaning of several rows of one user and program: a mistake, the first or last row, the largest or the sum."""
    bad_rows: Literal["error", "drop"]
    """The fate of a row that cannot be used: the run stops, or the row goes to `data/clean/dropped.csv`."""
    unknown_ids: Literal["error", "drop"]
    """The same for an interaction whose user or program is not in the tables."""

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            "".encode(encoding)
            name = codecs.lookup(encoding).name
        except (LookupError, ValueError):
            raise ValueError("it must be an encoding that Python knows, such as utf-8, latin-1 or cp1252") from None
        if name.replace("_", "-") in NO_ENCODINGS_OF_FILES:
            raise ValueError("it must be an encoding of files, such as utf-8, latin-1 or cp1252")
        return encoding

    @field_validator("delimiter")
    @classmethod
    def _apart_from_text(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '\0\r\n"':
            raise ValueError(
                'it must be one ASCII character, and no quote, line break or NUL; a tab is "\\t", in quotes'
            )
        return delimiter
