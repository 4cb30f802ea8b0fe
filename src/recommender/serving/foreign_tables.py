"""Parquet files that anybody may have written: read within bounds that are checked before memory is used."""

import os
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from recommender.serving.parquet_pages import claims

MOST_COLUMNS = 500
ALLOWANCE = 1 << 26
"""The bytes that any table may take, however small its file is: 64 MiB."""
EXPANSION = 100
"""The bytes that a table may take beyond that, per byte of its file; text that people write takes ten."""
_CELL = 8


def read_foreign_table(source: IO[bytes], n_rows: int | None = None) -> pa.Table:
    """Read a Parquet file, with text as dictionaries, so that equal texts are in memory once.

    Parameters
    ----------
    source
        The bytes of the file.
    n_rows
        The number of rows that it must have; None: any.

    Raises
    ------
    ValueError, pyarrow.ArrowException, OSError
        It is not a Parquet file, has another number of rows, or would take too much memory.
    """
    size = source.seek(0, os.SEEK_END)
    claimed = claims(source, size)
    if claimed.n_columns > MOST_COLUMNS:
        raise ValueError(f"{claimed.n_columns} columns, and the limit is {MOST_COLUMNS}")
    if n_rows is not None and claimed.n_rows != n_rows:
        raise ValueError(f"{claimed.n_rows} rows instead of {n_rows}")
    needed = claimed.n_bytes + claimed.n_rows * claimed.n_columns * _CELL
    if needed > ALLOWANCE + EXPANSION * size:
        raise ValueError(f"a table of {needed:,} bytes in a file of {size:,}")
    # In this thread only: a process that exits while Arrow's own threads are still at work is aborted.
    options = {
        "thrift_string_size_limit": size,
        "thrift_container_size_limit": 100 * MOST_COLUMNS,
        "pre_buffer": False,
    }
    with pq.ParquetFile(source, **options) as file:
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    with pq.ParquetFile(source, read_dictionary=texts, **options) as file:
        table = file.read(use_threads=False)
    table.validate(full=True)  # text is UTF-8, and indices are within their dictionary
    return table


def texts_of(table: pa.Table, column: str) -> list[str]:
    """Return a column of text as a list, in which equal texts are one object.

    Raises
    ------
    ValueError
        There is no such column, it does not hold text, or a text is missing.
    """
    if column not in table.column_names:
        raise ValueError(f"it has no column {column}")
    values: list[str] = []
    for chunk in table[column].chunks:
        if not (pa.types.is_dictionary(chunk.type) and pa.types.is_string(chunk.type.value_type)) or chunk.null_count:
            raise ValueError(f"its column {column} does not hold text in every row")
        distinct = chunk.dictionary.to_pylist()
        values += [distinct[index] for index in chunk.indices.to_pylist()]
    return values
