"""Going over a CSV file record by record, slowly, to say on which line a thing is wrong."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from recommender.errors import RecommenderError

SHOWN = 10
"""How many of many wrong rows a message shows."""

_CHUNK = 1 << 24


def header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """Read the first record; an empty list when there is none."""
    try:
        return next(_records(path, encoding, delimiter))[1]
    except StopIteration:
        return []


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


def has_odd_quotes(path: Path) -> bool:
    """Whether the file has an odd number of quotes, and so perhaps one that is never closed."""
    count = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            count += chunk.count(b'"')
    return count % 2 == 1


def refuse_unclosed_quote(path: Path, encoding: str, delimiter: str) -> None:
    """Raise a `RecommenderError` if a quote is open when the file ends."""
    line = 1
    reader = _records(path, encoding, delimiter, strict=True)
    try:
        for line, _ in reader:  # noqa: B007 - the line is used when reading goes wrong
            pass
    except csv.Error as error:
        if "unexpected end of data" not in str(error):
            return
        raise RecommenderError(
            f"{path.name} line {line}: in this record or the next a quote is opened and never closed; close it"
        ) from None


def refuse_wrong_encoding(path: Path, encoding: str) -> None:
    """Raise a `RecommenderError` if the bytes are not in the encoding."""
    content = path.read_bytes()
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecommenderError(
            f"{path.name} line {line}: byte 0x{content[error.start]:02x} is not {encoding}; "
            "set data.encoding to what the file is in, often latin-1 or cp1252"
        ) from None


def _records(path: Path, encoding: str, delimiter: str, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not a blank line, with the line that it starts on."""
    csv.field_size_limit(sys.maxsize)
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    with path.open(newline="", encoding=codec, errors="replace") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=strict)
        line = 1
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
