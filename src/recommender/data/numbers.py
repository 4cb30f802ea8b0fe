"""Text to numbers and to moments, all rows at once; what is neither is told apart."""

from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
INTEGER = r"^[-+]?\d{1,18}$"
ISO_NAIVE = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?)?$"
ISO_ZONED = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[-+]\d{2}(:?\d{2})?)$"

MILLISECONDS_FROM = 10**11
"""Whole numbers from here on are milliseconds: as seconds they would lie after the year 5138."""

TimeFormat = Literal["seconds", "milliseconds", "iso8601"]


def to_numbers(texts: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read decimal numbers.

    Returns
    -------
    numbers : ndarray of shape (n,), float64
    wrong : ndarray of shape (n,), bool
        Where the text is not a finite number.
    """
    numbers = _parsed(texts, NUMBER, pa.float64(), np.nan)
    return numbers, ~np.isfinite(numbers)


def time_format(text: str) -> TimeFormat | None:
    """Tell in which format a time is written; None: in none that is known."""
    array = pa.array([text])
    if pc.match_substring_regex(array, INTEGER)[0].as_py():
        return "milliseconds" if abs(int(text)) >= MILLISECONDS_FROM else "seconds"
    if any(pc.match_substring_regex(array, pattern)[0].as_py() for pattern in (ISO_NAIVE, ISO_ZONED)):
        return "iso8601"
    return None


def to_milliseconds(texts: pa.ChunkedArray, format_: TimeFormat) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read times in one format; those without an offset are UTC.

    Returns
    -------
    times : ndarray of shape (n,), int64
        Milliseconds since 1970-01-01T00:00:00Z.
    wrong : ndarray of shape (n,), bool
        Where the text is not a time in this format.
    """
    missing = np.iinfo(np.int64).min
    if format_ == "iso8601":
        plain = pc.replace_substring(texts, ",", ".")
        naive = _moments(plain, ISO_NAIVE, None)
        zoned = _moments(plain, ISO_ZONED, "UTC")
        times = pc.fill_null(pc.coalesce(naive, zoned), missing).to_numpy()
        return times, times == missing
    times = _parsed(texts, INTEGER, pa.int64(), missing)
    wrong = times == missing
    in_milliseconds = np.abs(np.where(wrong, 0, times)) >= MILLISECONDS_FROM
    wrong |= in_milliseconds != (format_ == "milliseconds")
    return (times if format_ == "milliseconds" else np.where(wrong, 0, times) * 1000), wrong


def _parsed(texts: pa.ChunkedArray, pattern: str, type_: pa.DataType, missing: float) -> Any:
    try:
        return pc.cast(texts, type_).to_numpy()
    except pa.ArrowInvalid:
        fits = pc.match_substring_regex(texts, pattern)
        return pc.fill_null(pc.cast(pc.if_else(fits, texts, None), type_), missing).to_numpy()


def _moments(texts: pa.ChunkedArray, pattern: str, zone: str | None) -> pa.ChunkedArray:
    fits = pc.match_substring_regex(texts, pattern)
    moments = pc.cast(pc.if_else(fits, texts, None), pa.timestamp("ns", zone))
    return pc.cast(pc.floor_temporal(moments, unit="millisecond"), pa.timestamp("ms", zone)).cast(pa.int64())
