"""What went in is counted as it is, whatever its times are, and what was left out is told by how often."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.cleaning.refusals import DROPPED
from recommender.reporting.data_part import MOST_BARS, MOST_REASONS, DataPart
from recommender.reporting.shown import Row

COUNTS: dict[str, Any] = {
    "users": 1234,
    "programs": 50,
    "interactions": 7751,
    "positives": 7000,
    "density": 0.000004,
    "median_positives_of_a_user": 14.5,
    "median_positives_of_a_program": 149.0,
    "merged_rows": 3,
    "dropped_rows": 2,
}
TIMES = {"from": "0001-02-03T04:05:06Z", "to": "9999-12-31T23:59:59Z"}


def name_of(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def rows(interactions: Mapping[int, int]) -> list[Row]:
    return [
        {"month": name_of(month), "interactions": number, "new_users": number // 2}
        for month, number in sorted(interactions.items())
    ]


def part(interactions: Mapping[int, int] | None = None, dropped: list[Row] | None = None) -> DataPart:
    return DataPart.make(COUNTS | TIMES, rows(interactions or {}), pa.Table.from_pylist(dropped or [], DROPPED))


def bars(interactions: Mapping[int, int]) -> list[tuple[str, int, int]]:
    growth = part(interactions).growth
    assert growth
    return [
        (period, int(number.replace(",", "")), int(new.replace(",", ""))) for period, number, new in growth.numbers.rows
    ]


def test_counts_and_the_period_are_those_of_the_data() -> None:
    made = part()
    assert [number for _, number in made.counts.rows] == ["1,234", "50", "7,751", "7,000", "14.5", "149", "0.0004 %"]
    assert made.period == ("0001-02-03", "9999-12-31")
    assert (made.n_dropped, made.n_merged) == (2, 3)


def test_without_times_nothing_is_said_of_period_and_growth() -> None:
    made = DataPart.make(COUNTS, [], DROPPED.empty_table())
    assert (made.period, made.pace, made.growth) == (None, None, None)


JANUARY = 12 * 2020
"""January 2020."""


def test_a_month_without_interactions_is_a_bar_of_none() -> None:
    assert bars({JANUARY: 1234, JANUARY + 3: 4}) == [
        ("2020-01", 1234, 617),
        ("2020-02", 0, 0),
        ("2020-03", 0, 0),
        ("2020-04", 4, 2),
    ]


def test_long_data_is_shown_in_longer_periods_of_the_calendar() -> None:
    assert bars({JANUARY + month: 2 for month in range(48)})[-1] == ("2023-12", 2, 1)
    quarters = bars({JANUARY + month: 2 for month in range(1, 50)})
    assert (len(quarters), quarters[0], quarters[1], quarters[-1]) == (
        17,
        ("2020-01", 4, 2),
        ("2020-04", 6, 3),
        ("2024-01", 4, 2),
    )
    years = bars({JANUARY + month: 2 for month in range(3 * 48 + 1)})
    assert (len(years), years[0], years[-1]) == (13, ("2020", 24, 12), ("2032", 2, 1))
    assert bars({JANUARY: 2, JANUARY + 12 * 48: 2})[-1] == ("2065", 2, 1)
    assert bars({JANUARY: 2, JANUARY + 12 * 5 * 48: 2})[-1] == ("2260", 2, 1)
    assert bars({12: 2, 12 * 1999: 2})[-1] == ("1950", 2, 1)
    assert bars({12: 2, 12 * 4050: 2})[-1] == ("4000", 2, 1)


@pytest.mark.parametrize(
    ("months", "each"),
    [(1, "month"), (49, "quarter"), (150, "year"), (600, "5 years"), (3000, "10 years"), (119_988, "1000 years")],
)
def test_what_a_bar_stands_for_is_said(months: int, each: str) -> None:
    growth = part({12: 1, 12 + months: 1}).growth
    assert growth
    assert growth.numbers.caption == f"Each {each}"
    assert f"happened in one {each}." in growth.reading
    assert f'aria-label="Interactions and new users in each {each}, from ' in growth.svg


@settings(deadline=None, max_examples=15)
@given(st.dictionaries(st.integers(12, 12 * 10_000 - 1), st.integers(0, 9).map(lambda half: 2 * half), min_size=1))
def test_there_are_never_too_many_bars_and_nothing_is_lost(interactions: dict[int, int]) -> None:
    found = bars(interactions)
    assert 1 <= len(found) <= MOST_BARS
    assert sum(number for _, number, _ in found) == sum(interactions.values())
    assert sum(new for *_, new in found) == sum(interactions.values()) // 2


@pytest.mark.parametrize("months", [47, 3 * 48 - 1, 12 * 48 - 1, 60 * 48 - 1, 120 * 48 - 1])
def test_periods_that_begin_within_one_of_the_calendar_are_not_one_too_many(months: int) -> None:
    december = JANUARY - 1
    assert len(bars({december: 2, december + months: 2})) <= MOST_BARS


def test_times_before_1970_and_of_every_year_can_be_shown() -> None:
    assert bars({12: 2, 12 * 10_000 - 1: 4}) == [
        ("0", 2, 1),
        *((str(1000 * number), 0, 0) for number in range(1, 9)),
        ("9000", 4, 2),
    ]
    assert bars({12: 2, 12 * 9000: 4})[-1] == ("9000", 4, 2)
    assert bars({12 * 1969 + 11: 2, 12 * 1970: 4}) == [("1969-12", 2, 1), ("1970-01", 4, 2)]
    assert bars({-1: 2, 0: 4}) == [("-1-12", 2, 1), ("0-01", 4, 2)]


def pace(before: int, this: int, last: int = 7) -> str | None:
    return part({JANUARY: before, JANUARY + 12: this, JANUARY + 24: last}).pace


def test_the_last_year_is_compared_with_the_one_before_it() -> None:
    said = "The twelve months before the last one brought {} interactions, {} the twelve before them."
    assert pace(1000, 1500) == said.format("1,500", "50 % more than")
    assert pace(1000, 20_000) == said.format("20,000", "1,900 % more than")
    assert pace(1000, 900) == said.format("900", "10 % fewer than")
    assert pace(1000, 0) == said.format("0", "100 % fewer than")
    assert pace(1000, 1000) == said.format("1,000", "as many as")
    assert pace(1000, 1004) == said.format("1,004", "as many as")
    assert pace(1000, 994) == said.format("994", "0.6 % fewer than")


def test_the_last_month_which_may_not_be_over_counts_for_nothing() -> None:
    assert pace(10, 10, last=1) == pace(10, 10, last=1000)
    every = part({JANUARY + month: 10 + month for month in range(30)}).pace
    assert every
    assert f"brought {sum(10 + month for month in range(17, 29))} interactions" in every
    assert "59 % more" in every


def test_of_less_than_two_years_or_after_a_year_of_nothing_no_pace_is_told() -> None:
    assert part({JANUARY: 5, JANUARY + 23: 5}).pace is None
    assert part({JANUARY: 5, JANUARY + 24: 5}).pace is not None
    assert part({JANUARY: 5, JANUARY + 25: 5}).pace is None


def row(file: str, reason: str, column: str = "c") -> Row:
    return {"file": file, "line": 1, "column": column, "value": "v", "reason": reason}


def test_what_was_dropped_is_counted_by_file_and_reason_the_most_frequent_first() -> None:
    dropped = [
        row("users.csv", "is empty"),
        row("interactions.csv", "is empty"),
        *[row("interactions.csv", "is no number", column) for column in "abc"],
        row("interactions.csv", "is empty", "other"),
        row("a.csv", "is empty"),
    ]
    assert part(dropped=dropped).dropped.rows == [
        ("is no number", "interactions.csv", "3"),
        ("is empty", "interactions.csv", "2"),
        ("is empty", "a.csv", "1"),
        ("is empty", "users.csv", "1"),
    ]


def test_of_many_reasons_the_most_frequent_are_told() -> None:
    dropped = [row("a.csv", f"reason {number:02}") for number in range(MOST_REASONS + 5) for _ in range(number + 1)]
    told = part(dropped=dropped).dropped.rows
    assert [reason for reason, *_ in told] == [f"reason {number:02}" for number in range(24, 4, -1)]
    assert len(told) == MOST_REASONS
