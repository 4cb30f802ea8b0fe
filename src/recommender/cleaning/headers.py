"""Headers that do not fit: without a needed column, cut by a wrong delimiter, or not a header at all."""

import re
from collections.abc import Iterable, Sequence

from recommender.text import named, shown

DELIMITERS = ",;\t|"
"""The usual delimiters."""
DATA = re.compile(r"[+-]?\d+(\.\d+)?|\d{4}-\d\d-\d\d([ T].*)?")
"""A number or a moment, which is hardly the name of a column."""


def advice(header: Sequence[str], delimiter: str) -> str:
    """Advise on a file that lacks a column: what it seems to be, and what to do."""
    if seems := other_delimiter(header, delimiter):
        return seems
    if _is_data(header):
        return (
            f"its first line, {_listed(header)}, looks like data. If it has no header, take it by "
            "`recommender import --no-header`, with columns by position"
        )
    return (
        f"it has {_listed(header)}. "
        "Say which one it is by `--map` of `recommender import`, or under data.columns in params.yaml"
    )


def are_data(names: Iterable[str], header: Sequence[str]) -> bool:
    """Tell whether a column's name is a number or a moment, in a header that does not just number its columns."""
    return not _is_numbered(header) and any(DATA.fullmatch(name) for name in names)


def other_delimiter(first: Sequence[str], delimiter: str) -> str | None:
    """Name the likely delimiter of a file whose first line was read as one cell; None: there is none."""
    found = max(DELIMITERS, key=first[0].count)
    if len(first) > 1 or found not in first[0] or found == delimiter:
        return None
    written = "tab" if found == "\t" else f"'{found}'"
    return (
        f"its first line is read as one cell, {shown(first[0])}, and seems to be delimited by {written}. Say so by "
        f"`--delimiter {written}` of `recommender import` (for one file alone by `--delimiter users={written}` and the "
        "like), or by data.delimiter in params.yaml"
    )


def _is_data(header: Sequence[str]) -> bool:
    found = [DATA.fullmatch(name) is not None for name in header]
    return not _is_numbered(header) and (found[0] or 2 * sum(found) >= len(found))


def _is_numbered(header: Sequence[str]) -> bool:
    """Tell whether the columns are called 0, 1, 2 and so on, or 1, 2, 3, as some programs do."""
    count = len(header)
    return count > 1 and list(header) in ([str(n) for n in range(count)], [str(n + 1) for n in range(count)])


def _listed(names: Iterable[str], at_most: int = 300) -> str:
    text = ", ".join(named(name) for name in names)
    return text if len(text) <= at_most else f"{text[:at_most]} ..."
