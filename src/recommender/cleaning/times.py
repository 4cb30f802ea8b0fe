"""Text to moments, all rows at once; what is none is told apart from what looks like one.

Arrow refuses a column as a whole for one 30th of February. So the shape of the texts and the calendar are checked here,
on the bytes: texts of one length are a matrix, and each part of a time is some of its columns.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recommender.cleaning.numeric import to_integers

MILLISECONDS_FROM = 10**11
"""Whole numbers from here on are milliseconds: as seconds they would lie after the year 5138."""

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
"""The first and the last moment, in milliseconds: the years 1 to 9999 in UTC."""

TimeFormat = Literal["seconds", "milliseconds", "iso8601"]


class Times(NamedTuple):
    """Times, each of shape (n,).

    Attributes
    ----------
    milliseconds
        int64: since 1970-01-01T00:00:00Z; anything where there is no moment.
    wrong
        bool: where the text is not in the format.
    impossible
        bool: where it is, and there is no such moment in the years 1 to 9999.
    """

    milliseconds: NDArray[np.int64]
    wrong: NDArray[np.bool_]
    impossible: NDArray[np.bool_]


def time_format(texts: pa.ChunkedArray) -> TimeFormat | None:
    """Tell in which format the first text is that is in one; None: there is none."""
    for part in (texts.slice(0, 1), texts):
        integers, no_integer = to_integers(part)
        found = np.flatnonzero(~(no_integer & _iso8601(part).wrong))
        if len(found):
            first = int(found[0])
            if no_integer[first]:
                return "iso8601"
            return "milliseconds" if abs(int(integers[first])) >= MILLISECONDS_FROM else "seconds"
    return None


def to_milliseconds(texts: pa.ChunkedArray, format_: TimeFormat) -> Times:
    """Read times in one format; those without an offset are UTC, and what is finer than milliseconds is cut."""
    if format_ == "iso8601":
        return _iso8601(texts)
    integers, wrong = to_integers(texts)
    in_milliseconds = np.abs(integers) >= MILLISECONDS_FROM
    wrong |= in_milliseconds != (format_ == "milliseconds")
    # What is in milliseconds is wrong where seconds are read, and may be too large to be multiplied.
    times = integers if format_ == "milliseconds" else np.where(wrong, 0, integers) * 1000
    return Times(times, wrong, ~wrong & _beyond(times))


def _beyond(times: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (times < FIRST) | (times > LAST)


_DATE, _MINUTES, _SECONDS, _LONGEST = 10, 16, 19, 29
"""The lengths of a date alone, with hours and minutes, with seconds, and with nine digits of a second."""

_ZONES = (0, 1, 3, 5, 6)
"""The lengths of an offset: none, ``Z``, ``+02``, ``+0200``, ``+02:00``."""


def _iso8601(texts: pa.ChunkedArray) -> Times:
    parts = [_iso8601_of(chunk) for chunk in texts.chunks] or [_iso8601_of(pa.array([], pa.string()))]
    return Times(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _iso8601_of(texts: pa.StringArray) -> Times:
    n = len(texts)
    _, offsets_buffer, buffer = texts.buffers()
    offsets = (
        np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + n + 1] if n else np.zeros(1, np.int32)
    )
    content = np.frombuffer(buffer or b"", np.uint8)
    lengths = np.diff(offsets)
    times = Times(np.zeros(n, np.int64), np.ones(n, bool), np.zeros(n, bool))
    for length in range(_DATE, _LONGEST + max(_ZONES) + 1):
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            if len(rows) == n:
                letters = content[offsets[0] : offsets[-1]].reshape(n, length)
            else:
                letters = content[offsets[rows][:, None] + np.arange(length)]
            for found, value in zip(times, _of_one_length(letters), strict=True):
                found[rows] = value
    return times


def _of_one_length(letters: NDArray[np.uint8]) -> Times:
    """Read the rows of a matrix of letters, each a text."""
    n, length = letters.shape
    # Column by column in memory; where there is no digit, a number above 9.
    digits = np.ascontiguousarray(letters.T) - ord("0")
    times = Times(np.zeros(n, np.int64), np.ones(n, bool), np.zeros(n, bool))
    for zone in _ZONES:
        end = length - zone
        if not (end in (_MINUTES, _SECONDS) or _SECONDS + 2 <= end <= _LONGEST or (end == _DATE and not zone)):
            continue
        fits = _has_date_and_time(digits[:end]) & _has_zone(digits[end:])
        if fits.any():
            chosen = digits if fits.all() else digits[:, fits]
            moments, possible = _moments(chosen[:end], chosen[end:])
            times.milliseconds[fits] = moments
            times.wrong[fits] = False
            times.impossible[fits] = ~possible
    return times


Digits = NDArray[np.uint8]
"""Shape (length, n): letters less the letter 0, each column a text."""


def _has_date_and_time(digits: Digits) -> NDArray[np.bool_]:
    length = len(digits)
    numbers = [0, 1, 2, 3, 5, 6, 8, 9]
    fits = _is(digits, (4, 7), "-")
    if length >= _MINUTES:
        numbers += [11, 12, 14, 15]
        fits &= _is(digits, (10,), "T ") & _is(digits, (13,), ":")
    if length >= _SECONDS:
        numbers += [17, 18]
        fits &= _is(digits, (16,), ":")
    if length > _SECONDS:
        numbers += range(_SECONDS + 1, length)
        fits &= _is(digits, (_SECONDS,), ".,")
    return fits & _numeric(digits, numbers)


def _has_zone(digits: Digits) -> NDArray[np.bool_]:
    length = len(digits)
    if length == 0:
        return np.ones(digits.shape[1], dtype=bool)
    if length == 1:
        return _is(digits, (0,), "Z")
    fits = _is(digits, (0,), "+-") & _numeric(digits, [1, 2, *range(length - 2, length)])
    return fits & _is(digits, (3,), ":") if length == max(_ZONES) else fits


def _is(digits: Digits, places: Sequence[int], letters: str) -> NDArray[np.bool_]:
    fits = np.ones(digits.shape[1], dtype=bool)
    for place in places:
        fits &= np.logical_or.reduce([digits[place] == (ord(letter) - ord("0")) % 256 for letter in letters])
    return fits


def _numeric(digits: Digits, places: Sequence[int]) -> NDArray[np.bool_]:
    fits = np.ones(digits.shape[1], dtype=bool)
    for place in places:
        fits &= digits[place] <= 9
    return fits


def _moments(time: Digits, zone: Digits) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read what has the shape of a time: milliseconds, and whether there is such a moment."""
    year, month, day = _number(time, 0, 4), _number(time, 5, 7), _number(time, 8, 10)
    hours, minutes = (_number(time, 11, 13), _number(time, 14, 16)) if len(time) >= _MINUTES else (0, 0)
    seconds = _number(time, 17, 19) if len(time) >= _SECONDS else 0
    fraction = time[_SECONDS + 1 : _SECONDS + 4]
    milliseconds = _number(fraction, 0, len(fraction)) * 10 ** (3 - len(fraction)) if len(fraction) else 0
    away_hours = _number(zone, 1, 3) if len(zone) > 1 else 0
    away_minutes = _number(zone, len(zone) - 2, len(zone)) if len(zone) > 3 else 0
    sign = np.where(zone[0] == (ord("-") - ord("0")) % 256, -1, 1) if len(zone) > 1 else 0

    months = (year - 1970) * 12 + month - 1
    first, following = (shifted.astype("datetime64[M]").astype("datetime64[D]") for shifted in (months, months + 1))
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= (following - first).astype(np.int64))
    possible &= (np.maximum(hours, away_hours) <= 23) & (np.maximum(np.maximum(minutes, away_minutes), seconds) <= 59)
    days = first.astype(np.int64) + day - 1
    elapsed = ((days * 24 + hours - sign * away_hours) * 60 + minutes - sign * away_minutes) * 60 + seconds
    times = elapsed * 1000 + milliseconds
    return times, possible & (year >= 1) & ~_beyond(times)


def _number(digits: Digits, first: int, last: int) -> NDArray[np.int64]:
    number = np.zeros(digits.shape[1], dtype=np.int64)
    for place in range(first, last):
        number = number * 10 + digits[place]
    return number
