"""Going over a CSV file record by record, slowly, to say on which line a thing is wrong."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from recommender.cleaning.utf8 import OnBytes, Utf8, lines_in, refuse_no_text
from recommender.errors import RecommenderError

SHOWN = 10
"""The number of wrong rows that a message shows."""

LONGEST = 64 << 20
"""The bytes that a record may have; most quotes that are never closed end here."""

END = "\0"
"""A record that no file has: where it is read as one, no quote is open before it."""


def header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """Read the first record; an empty list when there is none."""
    return next(_records(path, encoding, delimiter), (1, []))[1]


def lines_of(path: Path, encoding: str, delimiter: str, rows: Sequence[int]) -> list[int]:
    """Find the lines, counted from 1, on which well-formed data records start.

    Parameters
    ----------
    rows
        Numbers of data records from 0, ascending; malformed records do not count.
    """
    found: list[int] = []
    wanted = iter(rows)
    target = next(wanted, None)
    row = -1
    reader = _records(path, encoding, delimiter)
    _, names = next(reader)
    for line, cells in reader:
        if len(cells) != len(names):
            continue
        row += 1
        if row == target:
            found.append(line)
            target = next(wanted, None)
            if target is None:
                break
    return found


def malformed(path: Path, encoding: str, delimiter: str) -> list[tuple[int, str]]:
    """Find the records with too many or too few cells: on which line each is, and what is wrong."""
    reader = _records(path, encoding, delimiter)
    _, names = next(reader)
    return [
        (line, f"has {len(cells)} cells, and the header has {len(names)}")
        for line, cells in reader
        if len(cells) != len(names)
    ]


def refuse_malformed(path: Path, encoding: str, delimiter: str) -> None:
    """Raise a `RecommenderError` if a record has too many or too few cells."""
    found = malformed(path, encoding, delimiter)
    if found:
        raise RecommenderError(message(path.name, len(found), found, "bad_rows"))


def message(name: str, count: int, reasons: Sequence[tuple[int, str]], setting: str) -> str:
    """Say which rows cannot be used: one in one line, of many the first ten."""
    advice = f"mend the file, or set data.{setting} to drop"
    if count == 1:
        line, reason = reasons[0]
        return f"{name} line {line}: {reason}; {advice}"
    first = f"{name}: {count:,} rows cannot be used" + (f"; the first {SHOWN}:" if count > SHOWN else ":")
    return "\n".join([first, *(f"  line {line}: {reason}" for line, reason in reasons[:SHOWN]), advice])


def refuse_unclosed_quote(path: Path, encoding: str, delimiter: str) -> None:
    """Raise a `RecommenderError` if a quote is open when the file ends."""
    for _ in every(path, encoding, delimiter):
        pass


def every(path: Path, encoding: str, delimiter: str, on_bytes: OnBytes | None = None) -> Iterator[list[str]]:
    """Give each record that is not a blank line, and refuse a quote that is open when the file ends.

    Parameters
    ----------
    on_bytes
        Called with how many bytes have been read since the last call.

    Raises
    ------
    RecommenderError
        The file is not in the encoding, a record is too long, or a quote is never closed.
    """
    begun = 1
    for line, cells in _records(path, encoding, delimiter, ["\n", END], on_bytes):
        if cells == [END]:
            return
        begun = line
        yield cells
    raise RecommenderError(
        f"{path.name} line {begun}: a quote in the record that begins here is never closed; close it"
    )


def _records(
    path: Path, encoding: str, delimiter: str, end: Sequence[str] = (), on_bytes: OnBytes | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not a blank line, with the line that it starts on; it reads as Arrow does."""
    csv.field_size_limit(sys.maxsize)
    line, begun, size = 1, 1, 0

    def lines(stream: io.TextIOBase) -> Iterator[str]:
        nonlocal line, size
        while text := stream.readline(LONGEST + 1):
            size += len(text)
            if size > LONGEST:
                raise RecommenderError(
                    f"{path.name} line {begun}: the record that begins here has more than {LONGEST >> 20} MiB; "
                    "shorten it, or close a quote in it that is never closed"
                )
            line += lines_in(text)
            yield text

    try:
        with io.TextIOWrapper(
            io.BufferedReader(Utf8(path, encoding, on_bytes)), encoding="utf-8", newline=""
        ) as stream:
            for cells in csv.reader(chain(lines(stream), end), delimiter=delimiter):
                if cells:
                    yield begun, cells
                begun, size = line, 0
    except UnicodeError:
        refuse_no_text(path, encoding)
        raise
