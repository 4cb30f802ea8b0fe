r"""CSV files, as the project writes them.

For programs, every cell is written as it is: RFC 4180, texts quoted, numbers not, lines ended by ``\n``.
`recommender.cleaning.csv_file` reads back the same texts, whatever they hold.

For people, who open a file in a spreadsheet, `for_spreadsheets` puts an apostrophe before a cell that would be run as a
formula (OWASP, "CSV Injection"). Only `dropped.csv` is for people; its values come from data that was not accepted.
"""

import io
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from recommender.errors import RecommenderError
from recommender.files.atomic import open_atomically

LARGEST_ROW = 1 << 27
"""The most bytes that a row may have: twice those of the largest record that is read from the raw files."""
FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - spreadsheets take the wide ones, too
"""The beginning of a text that a spreadsheet may run; plain negative numbers are included."""


def write_csv(path: Path, table: pa.Table, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Write a table for programs.

    Parameters
    ----------
    path
        Where to.
    table
        Texts and numbers; no text may be null.
    encoding, delimiter
        As in the settings `data.encoding` and `data.delimiter`.

    Raises
    ------
    RecommenderError
        A text would not survive this encoding.
    """
    content = csv_bytes(table, delimiter)
    if encoding != "utf-8":
        content = _encoded(content.decode(), encoding, path.name)
    with open_atomically(path) as stream:
        stream.write(content)


def read_csv(path: Path, texts: Iterable[str] = ()) -> pa.Table:
    """Read a table that `write_csv` wrote.

    Parameters
    ----------
    path
        Where from.
    texts
        The columns of texts that may look like something else, such as dates.
    """
    return pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(block_size=LARGEST_ROW),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(texts, pa.string())),
    )


def csv_bytes(table: pa.Table, delimiter: str = ",") -> bytes:
    """Encode a table for programs, in UTF-8."""
    buffer = io.BytesIO()
    pacsv.write_csv(table, buffer, pacsv.WriteOptions(delimiter=delimiter))
    return buffer.getvalue()


def for_spreadsheets(table: pa.Table) -> pa.Table:
    """Put an apostrophe before each text that a spreadsheet might run as a formula."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_string(column.type):
            column = pc.if_else(
                pc.match_substring_regex(column, FORMULA), pc.binary_join_element_wise("'", column, ""), column
            )
        columns[name] = column
    return pa.table(columns)


def _encoded(text: str, encoding: str, name: str) -> bytes:
    try:
        content = text.encode(encoding)
        same = content.decode(encoding) == text
    except UnicodeError:
        same = False
    if not same:
        raise RecommenderError(
            f"{name} cannot be written in {encoding}: that encoding lacks some of the letters; "
            "save your files as utf-8, and set data.encoding to that"
        )
    return content
