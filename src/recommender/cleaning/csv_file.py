"""Reading columns of a CSV file at full speed, as text.

Apache Arrow reads (RFC 4180: quotes may hold delimiters and line breaks; BOM, CRLF and blank lines are understood).
Only when it cannot, `recommender.cleaning.records` goes over the file again, record by record, to say where and why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.csv as pacsv

from recommender.cleaning import records
from recommender.cleaning.headers import advice
from recommender.cleaning.utf8 import OnBytes, Utf8, refuse_no_text
from recommender.errors import RecommenderError
from recommender.text import one_line, shown

ID = pa.dictionary(pa.int32(), pa.string())
"""The type of ids: never numbers, each distinct one stored once."""

BLOCKS = (8 << 20, records.LONGEST)
"""The bytes that Arrow takes at once, which no record may exceed; the second size only where the first is too small."""


@dataclass(frozen=True)
class CsvFile:
    """A CSV file and how it is written.

    Attributes
    ----------
    path
        Where it is; messages call it by its name.
    encoding, delimiter
        As in the settings `data.encoding` and `data.delimiter`.
    on_bytes
        Called with how many bytes have been read since the last call.
    """

    path: Path
    encoding: str
    delimiter: str
    on_bytes: OnBytes | None = None

    @property
    def name(self) -> str:
        """The name of the file in messages."""
        return self.path.name

    def header(self) -> list[str]:
        """Read the names of the columns.

        Raises
        ------
        RecommenderError
            The file is missing, empty, or not in the encoding.
        """
        if not self.path.is_file():
            problem = "is no file" if self.path.exists() else "is missing"
            raise RecommenderError(f"{self.name} {problem}; put it at {self.path}, or run `recommender import`")
        header = records.header(self.path, self.encoding, self.delimiter)
        if not header:
            raise RecommenderError(f"{self.name} is empty; its first line must name the columns")
        return header

    def read(
        self, columns: Mapping[str, str], ids: Iterable[str] = (), skip_malformed: bool = False
    ) -> tuple[pa.Table, list[tuple[int, str]]]:
        """Read some columns as text.

        Parameters
        ----------
        columns
            The name of each wanted column in the file, by the name it is to have in the table.
        ids
            Which of them (by the names in the table) hold ids: they come dictionary-encoded.
        skip_malformed
            Whether records with too many or too few cells are left out, rather than an error.

        Returns
        -------
        table : pyarrow.Table
            One row for each record, in the order of the file. No cell is null.
        malformed : list of (int, str)
            The lines of the records that were left out, and why.

        Raises
        ------
        RecommenderError
            A column is missing or there twice, or the file cannot be read as it is said to be written.
        """
        header = self.require(columns.values())
        dictionary = set(ids)
        types = {column: ID if name in dictionary else pa.string() for name, column in columns.items()}
        # Behind the file stands a record that is malformed in it: where Arrow does not meet it, a quote is open.
        end = records.END + (self.delimiter if len(header) == 1 else "")
        skipped: list[str] = []

        def skip(row: pacsv.InvalidRow) -> str:
            skipped.append(row.text)
            return "skip" if skip_malformed or row.text == end else "error"

        def parsed(block_size: int, on_bytes: OnBytes | None) -> pa.Table:
            with Utf8(self.path, self.encoding, on_bytes, f"\n{end}\n".encode()) as stream:
                return pacsv.read_csv(
                    stream,
                    read_options=pacsv.ReadOptions(block_size=block_size),
                    parse_options=pacsv.ParseOptions(
                        delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=skip
                    ),
                    convert_options=pacsv.ConvertOptions(
                        column_types=types, include_columns=list(types), strings_can_be_null=False
                    ),
                )

        try:
            try:
                table = parsed(BLOCKS[0], self.on_bytes)
            except pa.ArrowInvalid:
                if any(row != end for row in skipped) and not skip_malformed:
                    raise
                # A record, or the header, may be longer than a block.
                skipped.clear()
                table = parsed(BLOCKS[1], None)
        except (pa.ArrowException, UnicodeError) as error:
            self._explain(error)
        if end not in skipped:
            records.refuse_unclosed_quote(self.path, self.encoding, self.delimiter)
        malformed = records.malformed(self.path, self.encoding, self.delimiter) if len(skipped) > 1 else []
        return pa.table({name: table[column] for name, column in columns.items()}).unify_dictionaries(), malformed

    def require(self, columns: Iterable[str]) -> list[str]:
        """Read the names of the columns, as `header` does, and refuse a file that has not each of these once."""
        header = self.header()
        for column in columns:
            if column not in header:
                raise RecommenderError(f"{self.name} has no column {shown(column)}; {advice(header, self.delimiter)}")
            if header.count(column) > 1:
                raise RecommenderError(f"{self.name} line 1: column {shown(column)} is there twice; rename one of them")
        return header

    def _explain(self, error: Exception) -> NoReturn:
        refuse_no_text(self.path, self.encoding)
        records.refuse_unclosed_quote(self.path, self.encoding, self.delimiter)
        records.refuse_malformed(self.path, self.encoding, self.delimiter)
        raise RecommenderError(f"{self.name} cannot be read: {one_line(error)[:300]}") from error
