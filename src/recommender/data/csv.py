"""Reading columns of a CSV file at full speed, as text.

Apache Arrow reads (RFC 4180: quotes may hold delimiters and line breaks; BOM, CRLF and blank lines are understood).
Only when it cannot, `recommender.data.records` goes over the file again, record by record, to say where and why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.csv as pacsv

from recommender.data import records
from recommender.errors import RecommenderError

ID = pa.dictionary(pa.int32(), pa.string())
"""How ids are read: never as numbers, each distinct one stored once."""


OnBytes = Callable[[int], None]


class _Watched(FileIO):
    """A file that says how much of it has been read."""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        super().__init__(path)
        self._on_bytes = on_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(-1 if size is None else size) or b""
        if self._on_bytes:
            self._on_bytes(len(content))
        return content


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
        """What messages call it."""
        return self.path.name

    def header(self) -> list[str]:
        """Read the names of the columns.

        Raises
        ------
        RecommenderError
            The file is missing, empty, or not in the encoding.
        """
        if not self.path.is_file():
            raise RecommenderError(f"{self.name} is missing; put it at {self.path}, or run `recommender import`")
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
        self._require(columns.values())
        dictionary = set(ids)
        types = {column: ID if name in dictionary else pa.string() for name, column in columns.items()}
        skipped = []

        def skip(row: pacsv.InvalidRow) -> str:
            skipped.append(row)
            return "skip" if skip_malformed else "error"

        try:
            with _Watched(self.path, self.on_bytes) as stream:
                table = pacsv.read_csv(
                    stream,
                    read_options=pacsv.ReadOptions(encoding=self.encoding, block_size=8 << 20),
                    parse_options=pacsv.ParseOptions(
                        delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=skip
                    ),
                    convert_options=pacsv.ConvertOptions(
                        column_types=types, include_columns=list(types), strings_can_be_null=False
                    ),
                )
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            self._explain(error)
        if records.has_odd_quotes(self.path):
            records.refuse_unclosed_quote(self.path, self.encoding, self.delimiter)
        malformed = records.malformed(self.path, self.encoding, self.delimiter) if skipped else []
        return pa.table({name: table[column] for name, column in columns.items()}).unify_dictionaries(), malformed

    def _require(self, columns: Iterable[str]) -> None:
        header = self.header()
        for column in columns:
            if column not in header:
                records.refuse_wrong_encoding(self.path, self.encoding)
                raise RecommenderError(
                    f"{self.name} has no column {column!r}; it has {_listed(header)}. "
                    "Say which one it is by `--map` of `recommender import`, or under data.columns in params.yaml"
                )
            if header.count(column) > 1:
                raise RecommenderError(f"{self.name} line 1: column {column!r} is there twice; rename one of them")

    def _explain(self, error: Exception) -> NoReturn:
        records.refuse_wrong_encoding(self.path, self.encoding)
        records.refuse_unclosed_quote(self.path, self.encoding, self.delimiter)
        records.refuse_malformed(self.path, self.encoding, self.delimiter)
        raise RecommenderError(f"{self.name} cannot be read: {' '.join(str(error).split())}") from error


def _listed(names: Iterable[str], at_most: int = 300) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in ", ".join(names))
    return text if len(text) <= at_most else f"{text[:at_most]} ..."
