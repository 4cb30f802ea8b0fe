"""What data went in: counts, period, growth, and what was dropped and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from recommender.reporting import pictures
from recommender.reporting.shown import Picture, Row, Table
from recommender.reporting.wording import count, share

MOST_BARS = 48
PERIODS = (1, 3, 12, 60, 120, 600, 1200, 12000)
"""Numbers of months that a bar may stand for."""
YEAR = 12
MOST_REASONS = 20
SEPARATOR = "\0"


@dataclass(frozen=True)
class DataPart:
    """What data went in.

    Attributes
    ----------
    counts
        What was counted, and how many.
    period
        The first and the last day; None: the data has no times.
    pace
        A sentence on the last year's growth; None: there are less than two.
    growth
        Interactions and new users by period; None: the data has no times.
    n_dropped, dropped
        The number of rows that could not be used, and the table of why.
    n_merged
        The number of rows that went into another of the same user and program.
    """

    counts: Table
    period: tuple[str, str] | None
    pace: str | None
    growth: Picture | None
    n_dropped: int
    dropped: Table
    n_merged: int

    @classmethod
    def make(cls, data: Mapping[str, Any], growth: Sequence[Row], dropped: pa.Table) -> Self:
        """Tell of the data.

        Parameters
        ----------
        data
            The content of `metrics/data.json`.
        growth
            The rows of `metrics/plots/growth.csv`.
        dropped
            The rows that could not be used, of `data/clean/dropped.csv`.
        """
        rows = [
            ("users", count(data["users"])),
            ("programs", count(data["programs"])),
            ("interactions", count(data["interactions"])),
            ("of these, positives: what counts as liked", count(data["positives"])),
            ("positives of a user, median", f"{data['median_positives_of_a_user']:g}"),
            ("positives of a program, median", f"{data['median_positives_of_a_program']:g}"),
            ("share of all pairs of a user and a program that are positives", share(data["density"])),
        ]
        return cls(
            counts=Table("What went in", ["", "number"], rows),
            period=(data["from"][:10], data["to"][:10]) if "from" in data else None,
            pace=_pace(growth),
            growth=_picture(growth) if growth else None,
            n_dropped=data["dropped_rows"],
            dropped=Table(
                "Rows that could not be used",
                ["reason", "file", "rows"],
                [(row["reason"], row["file"], count(row["rows"])) for row in _reasons(dropped)],
            ),
            n_merged=data["merged_rows"],
        )


def _reasons(dropped: pa.Table) -> list[Row]:
    """Count the rows of each file by reason, the most frequent first."""
    found = pc.value_counts(pc.binary_join_element_wise(dropped["file"], dropped["reason"], SEPARATOR)).to_pylist()
    ranked = sorted(found, key=lambda each: (-each["counts"], each["values"]))
    return [
        dict(zip(("file", "reason"), each["values"].split(SEPARATOR), strict=True)) | {"rows": each["counts"]}
        for each in ranked[:MOST_REASONS]
    ]


def _month(name: str) -> int:
    year, _, month = name.rpartition("-")
    return int(year) * YEAR + int(month) - 1


def _pace(growth: Sequence[Row]) -> str | None:
    if not growth:
        return None
    interactions = Counter({_month(row["month"]): row["interactions"] for row in growth})
    last = max(interactions)  # it may not be over
    if last - min(interactions) < 2 * YEAR:
        return None
    this, before = (sum(interactions[month] for month in range(end - YEAR, end)) for end in (last, last - YEAR))
    if not before:
        return None
    change = this / before - 1
    how = f"{share(abs(change))} {'more' if change > 0 else 'fewer'} than" if round(change, 2) else "as many as"
    return f"The twelve months before the last one brought {count(this)} interactions, {how} the twelve before them."


def _picture(growth: Sequence[Row]) -> Picture:
    months = [_month(row["month"]) for row in growth]
    first, last = min(months), max(months)
    width = next(width for width in PERIODS if last // width - first // width < MOST_BARS)
    periods = range(first // width, last // width + 1)
    titles = {"interactions": "interactions", "new_users": "new users"}
    found: dict[str, Counter[int]] = {name: Counter() for name in titles}
    for month, row in zip(months, growth, strict=True):
        for name, counter in found.items():
            counter[month // width] += row[name]
    labels = [_label(period * width, width) for period in periods]
    panels = {titles[name]: [counter[period] for period in periods] for name, counter in found.items()}
    each = {1: "month", 3: "quarter", 12: "year"}.get(width, f"{width // YEAR} years")
    return Picture.of(
        pictures.growth(labels, panels),
        "growth",
        f"Interactions and new users in each {each}, from {labels[0]} to {labels[-1]}",
        f"A bar is what happened in one {each}. The last one may not be over, so that it looks lower than it will be. "
        "A user is new at the first interaction.",
        Table(
            f"Each {each}",
            ["from", *panels],
            [(label, *map(count, numbers)) for label, *numbers in zip(labels, *panels.values(), strict=True)],
        ),
    )


def _label(month: int, width: int) -> str:
    return f"{month // YEAR}-{month % YEAR + 1:02}" if width < YEAR else str(month // YEAR)
