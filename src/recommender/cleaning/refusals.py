"""Rows that cannot be used: why, where, and what becomes of them."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recommender.cleaning import records
from recommender.cleaning.csv_file import CsvFile
from recommender.errors import RecommenderError
from recommender.text import named, shown

DROPPED = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
"""The table of what was dropped."""


@dataclass
class Refusals:
    """The rows of one file that cannot be used. A row is refused once, for the first reason given.

    Attributes
    ----------
    file
        The file.
    refused
        Shape (n_rows,), bool: whether the row is refused.
    malformed
        The lines of records that are not rows at all, and why.
    """

    file: CsvFile
    refused: NDArray[np.bool_]
    malformed: list[tuple[int, str]]
    _found: list[tuple[str, NDArray[np.int64], pa.Table]] = field(default_factory=list)

    def refuse(
        self, rows: NDArray[np.bool_], column: str, values: pa.ChunkedArray, reason: str, setting: str = "bad_rows"
    ) -> None:
        """Refuse some rows.

        Parameters
        ----------
        rows
            Shape (n_rows,), bool: which ones.
        column, values
            The column that is wrong, as the file calls it, and its values, shape (n_rows,).
        reason
            What is wrong, to be read after "column 'value'".
        setting
            Which setting below `data` says what becomes of them.
        """
        numbers = np.flatnonzero(rows & ~self.refused)
        if not len(numbers):
            return
        self.refused[numbers] = True
        texts = pc.cast(values.take(pa.array(numbers)), pa.string())
        constants = {"column": column, "reason": reason}
        table = pa.table({"value": texts} | {name: _repeated(text, len(numbers)) for name, text in constants.items()})
        self._found.append((setting, numbers, table))

    def dropped(self, error_settings: set[str]) -> pa.Table:
        """Give the refused rows, as the table `DROPPED`, in the order of the file.

        Raises
        ------
        RecommenderError
            Rows are refused whose setting is among `error_settings`: such rows are a mistake and not to be dropped.
        """
        for setting in sorted(error_settings):
            self._raise(setting)
        malformed = [{"line": line, "column": "", "value": "", "reason": reason} for line, reason in self.malformed]
        schema = DROPPED.remove(0)
        parts = [pa.Table.from_pylist(malformed, schema)]
        rows = np.unique(np.concatenate([np.arange(0), *(numbers for _, numbers, _ in self._found)]))
        line_of = np.array(self._lines(rows), dtype=np.int64)
        for _, numbers, table in self._found:
            lines = pa.array(line_of[np.searchsorted(rows, numbers)])
            parts.append(table.append_column("line", lines).select(schema.names).cast(schema))
        table = pa.concat_tables(parts).sort_by("line")
        return table.add_column(0, "file", _repeated(self.file.name, len(table))).cast(DROPPED)

    def _raise(self, setting: str) -> None:
        found = [(rows, table) for asked, rows, table in self._found if asked == setting]
        if not found:
            return
        numbers = np.concatenate([rows for rows, _ in found])
        first = np.argsort(numbers)[: records.SHOWN]
        rows = pa.concat_tables([table for _, table in found]).take(pa.array(first)).to_pylist()
        reasons = [
            (line, f"{named(row['column'])} {shown(row['value'])} {row['reason']}")
            for line, row in zip(self._lines(numbers[first]), rows, strict=True)
        ]
        raise RecommenderError(records.message(self.file.name, len(numbers), reasons, setting))

    def _lines(self, numbers: NDArray[np.int64]) -> list[int]:
        if not len(numbers):
            return []
        return records.lines_of(self.file.path, self.file.encoding, self.file.delimiter, numbers.tolist())


def _repeated(text: str, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(text), times)
