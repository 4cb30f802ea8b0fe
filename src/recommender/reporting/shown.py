"""What the page shows besides text: pictures with a sentence on how to read them, and tables of numbers."""

from collections.abc import Iterable, Sequence
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


def count(number: float) -> str:
    """Format a whole number."""
    return f"{number:,.0f}"


def share(part: float, whole: float = 1) -> str:
    """Format a share as percent, and small ones so that they do not look like none."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return (
        f"{percent:.0f} %"
        if 1 <= percent <= 99 or percent == 100
        else f"{percent:.2g} %"
        if percent < 1
        else f"{percent:.1f} %"
    )


def decimal(number: float) -> str:
    """Format a metric."""
    return f"{number:.3f}"


def interval(low: float, high: float) -> str:
    """Format an interval."""
    return f"{low:.3f} to {high:.3f}"


def listed(names: Iterable[str]) -> str:
    """Join names as a sentence does."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
