"""What the page shows besides text: pictures with a sentence on how to read them, and tables of numbers."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from markupsafe import Markup
from matplotlib.figure import Figure

from recommender.reporting.drawing import inline

Row = dict[str, Any]
"""A row of a table, by column."""


class Table(NamedTuple):
    """A table; the first column names the row, and numbers stand to the right."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


class Picture(NamedTuple):
    """A picture, how to read it, and its numbers."""

    svg: Markup
    reading: str
    numbers: Table

    @classmethod
    def of(cls, drawn: Figure, name: str, label: str, reading: str, numbers: Table) -> Self:
        """Write a figure as SVG; `name` is its own in the page, and `label` what is read out."""
        return cls(inline(drawn, name, label), reading, numbers)
