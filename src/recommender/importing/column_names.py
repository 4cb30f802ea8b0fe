"""Names of an imported file's columns, by its header or, where it has none, by position."""

from collections.abc import Sequence

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.headers import are_data, other_delimiter
from recommender.errors import RecommenderError
from recommender.files.columns import INTERACTION, PROGRAM_ID, SPLIT, TITLE, USER_ID
from recommender.importing.request import COLUMNS, GivenFile
from recommender.text import named

TITLE_NAMES = ("title", "name")
"""Usual names of a column of titles."""
NEEDED = (USER_ID, PROGRAM_ID, INTERACTION)
"""Columns whose position must be given; the interaction's may be given as none."""

Names = dict[str, str | None]
"""Names of a file's columns by the project's names, for the settings; a column that is not named stays as it is."""


def named_columns(table: str, given: GivenFile, file: CsvFile, title: str | None) -> tuple[Names, list[str]]:
    """Name the columns of a file.

    Parameters
    ----------
    table
        Which of the three files it is.
    given, file
        The file, what it is said to call its columns, and how it is read.
    title
        What `params.yaml` calls the column of titles.

    Returns
    -------
    names : dict
        What the settings are to call them.
    header : list of str
        What is to be put before the file; empty: it has a header.

    Raises
    ------
    RecommenderError
        The file is empty, its header is one of its rows, or a position is wrong, given twice, or missing.
    """
    first = file.header()
    if given.has_header:
        return _by_name(table, given, first, title), []
    if seems := other_delimiter(first, file.delimiter):
        raise RecommenderError(f"{file.name}: {seems}")
    # The settings may name a title and times that this file does not have; the next one may have them.
    # A split that they name must be there.
    columns = {SPLIT: None, **given.columns}
    names = {name: None if columns.get(name, name) is None else name for name in COLUMNS[table]}
    return names, _by_position(table, given, first)


def _by_name(table: str, given: GivenFile, header: Sequence[str], title: str | None) -> Names:
    names = dict(given.columns)
    if are_data(set(header).intersection(filter(None, names.values())), header):
        raise RecommenderError(
            f"the first line of {given.path.name} looks like data and not like names of columns: "
            f"{', '.join(map(named, header))[:200]}; pass --no-header, with columns by position, "
            "or put names in its first line"
        )
    found = [name for name in TITLE_NAMES if name in header]
    if table == "programs" and TITLE not in names and title not in header and found:
        names[TITLE] = found[0]
    return names


def _by_position(table: str, given: GivenFile, first: Sequence[str]) -> list[str]:
    """Name the columns as the project does; those without a meaning are called ``column_3`` and the like."""
    header = [f"column_{position}" for position in range(1, len(first) + 1)]
    for name in COLUMNS[table]:
        where = given.columns.get(name)
        if where is not None:
            position = _position(f"--map {table}.{name}={named(where)}", where, given, first)
            if header[position - 1] in COLUMNS[table]:
                raise RecommenderError(
                    f"--map {table}.{name}={position}: that column of {given.path.name} is its {header[position - 1]}; "
                    "a position has one meaning"
                )
            header[position - 1] = name
        elif name in NEEDED and not (name == INTERACTION and name in given.columns):
            none = f", or --map {name}= if there is none" if name == INTERACTION else ""
            raise RecommenderError(
                f"{given.path.name} has no header: say which column is its {name} by --map {table}.{name}=POSITION, "
                f"from 1 to {len(first)}{none}"
            )
    return header


def _position(option: str, text: str, given: GivenFile, first: Sequence[str]) -> int:
    position = int(text) if text.isdecimal() and len(text) < 10 else 0
    if not 1 <= position <= len(first):
        raise RecommenderError(
            f"{option}: {given.path.name} has no header, so its columns go by position, from 1 to {len(first)}; "
            f"its first row is {', '.join(map(named, first))[:200]}"
        )
    return position
