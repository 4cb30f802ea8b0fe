"""Times are what a slow, plain reader makes of them, letter by letter; where milliseconds begin; sliced columns."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from fuzz import plain

from recommender.cleaning.times import FIRST, LAST, MILLISECONDS_FROM, TimeFormat, time_format, to_milliseconds

ZONES = ["", "Z", "+02", "-11", "+0230", "-0230", "+02:30", "-23:59"]
FRACTIONS = [f"{mark}{'987654321'[:digits]}" for mark in ".," for digits in range(1, 10)]
SHAPES = [
    "2024-02-29",
    *(
        f"2024-02-29{between}{time}{zone}"
        for between in "T "
        for time in ("13:14", "13:14:15", *(f"13:14:15{fraction}" for fraction in FRACTIONS))
        for zone in ZONES
    ),
]
LETTERS = [chr(number) for number in range(1, 128)] + ["é", "日"]


def is_read_as_plainly(texts: list[str], format_: TimeFormat) -> None:
    times = to_milliseconds(pa.chunked_array([pa.array(texts, pa.string())]), format_)
    moments = [plain.milliseconds(text, format_) for text in texts]
    assert list(times.wrong) == [plain.written_in(text) != format_ for text in texts]
    assert list(times.impossible) == [
        moment is None and not wrong for moment, wrong in zip(moments, times.wrong, strict=True)
    ]
    read = times.milliseconds[~(times.wrong | times.impossible)]
    assert list(read) == [moment for moment in moments if moment is not None]


def test_every_shape_of_iso_8601_is_read() -> None:
    assert not to_milliseconds(pa.chunked_array([SHAPES]), "iso8601").wrong.any()
    is_read_as_plainly(SHAPES, "iso8601")
    for _, shapes in itertools.groupby(sorted(SHAPES, key=len), len):
        is_read_as_plainly(list(shapes), "iso8601")


@pytest.mark.parametrize(
    "shape",
    [
        "2024-02-29",
        "2024-02-29 13:14",
        "2024-02-29T13:14:15Z",
        "2024-02-29T13:14:15+02",
        "2024-02-29T13:14:15,5+0230",
        "2024-02-29T13:14:15.987654321-02:30",
    ],
)
def test_a_time_with_any_letter_changed_left_out_or_put_in_is_told_apart(shape: str) -> None:
    before_and_after = [(shape[:at], shape[at:]) for at in range(len(shape) + 1)]
    is_read_as_plainly([before + after[1:] for before, after in before_and_after], "iso8601")
    is_read_as_plainly([b + letter + a[1:] for (b, a) in before_and_after for letter in LETTERS], "iso8601")
    is_read_as_plainly(
        [b + letter + a for (b, a) in before_and_after for letter in ["0", "9", *":-+.,TZ x"]], "iso8601"
    )


def test_the_calendar_is_pythons() -> None:
    years = [0, 1, 2, 4, 99, 100, 400, 1600, 1900, 1969, 1970, 1971, 2000, 2023, 2024, 2100, 9998, 9999]
    dates = [f"{y:04}-{m:02}-{d:02}" for y, m, d in itertools.product(years, range(15), [0, 1, 2, *range(27, 34), 99])]
    is_read_as_plainly(dates, "iso8601")
    is_read_as_plainly([f"{date}T00:00+00:01" for date in dates], "iso8601")
    is_read_as_plainly([f"{date}T23:59:59.999-00:01" for date in dates], "iso8601")


def test_the_clock_and_the_offset_end_where_they_end() -> None:
    ends = [0, 1, 9, 10, 22, 23, 24, 25, 58, 59, 60, 61, 99]
    clocks = [f"2024-02-29T{h:02}:{m:02}:{s:02}" for h, m, s in itertools.product(ends, ends, ends)]
    is_read_as_plainly(clocks, "iso8601")
    signs_and_ends = list(itertools.product("+-", ends, ends))
    is_read_as_plainly([f"2024-02-29T13:14{sign}{h:02}:{m:02}" for sign, h, m in signs_and_ends], "iso8601")
    is_read_as_plainly([f"2024-02-29 13:14{sign}{h:02}{m:02}" for sign, h, m in signs_and_ends], "iso8601")
    is_read_as_plainly([f"2024-02-29T13:14{sign}{h:02}" for sign, h, _ in signs_and_ends], "iso8601")


@pytest.mark.parametrize("format_", ["seconds", "milliseconds"])
def test_whole_numbers_are_times_up_to_where_milliseconds_begin_and_the_years_end(format_: TimeFormat) -> None:
    turns = [0, MILLISECONDS_FROM, FIRST, LAST, FIRST // 1000, LAST // 1000, 10**18, 2**63, 10**30]
    numbers = [sign * turn + step for sign in (1, -1) for turn in turns for step in range(-2, 3)]
    is_read_as_plainly([str(number) for number in numbers] + ["", "x", "2024-02-29", "1.5", "+7"], format_)


def test_milliseconds_begin_at_ten_to_the_eleventh() -> None:
    for text, format_, moment in [
        ("99999999999", "seconds", 99_999_999_999_000),
        ("-99999999999", "seconds", None),
        ("100000000000", "milliseconds", 100_000_000_000),
        ("-100000000000", "milliseconds", -100_000_000_000),
    ]:
        column = pa.chunked_array([[text]])
        found = time_format(column)
        assert found == format_
        times = to_milliseconds(column, found)
        assert not times.wrong[0]
        assert (None if times.impossible[0] else times.milliseconds[0]) == moment


@pytest.mark.parametrize(
    ("texts", "format_"),
    [
        (["100", "100000000000", "2024-02-29"], "seconds"),
        (["100000000000", "100", "2024-02-29"], "milliseconds"),
        (["2024-02-29", "100", "100000000000"], "iso8601"),
        (["yesterday", "", "100", "2024-02-29"], "seconds"),
        (["yesterday", "-100000000000", "100"], "milliseconds"),
        (["yesterday", "2024-13-32T99:99", "100"], "iso8601"),
        (["yesterday", "2024-2-29", "1.5", ""], None),
        ([], None),
    ],
)
def test_the_format_is_that_of_the_first_text_that_is_in_one(texts: list[str], format_: str | None) -> None:
    assert time_format(pa.chunked_array([texts], pa.string())) == format_
    chunks = pa.chunked_array([[], *([text] for text in texts), []], pa.string())
    assert time_format(chunks) == format_


def test_parts_of_columns_are_read_like_whole_ones() -> None:
    texts = ["2024-02-29", "2023-01-02", "", "é", "2023-01-02T03:04Z", "2024-12-31", "2024-12-30"]
    whole = to_milliseconds(pa.chunked_array([texts]), "iso8601")
    for first, last in itertools.combinations(range(len(texts) + 1), 2):
        part = pa.array(texts)[first:last]
        times = to_milliseconds(pa.chunked_array([pa.array([], pa.string()), part, part[:0]]), "iso8601")
        for found, expected in zip(times, whole, strict=True):
            np.testing.assert_array_equal(found, expected[first:last])
    empty = to_milliseconds(pa.chunked_array([], pa.string()), "iso8601")
    assert [len(array) for array in empty] == [0, 0, 0]
