"""Parquet files that may be anybody's: read within bounds that hold before memory is taken."""

import os
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from recommender.serving.parquet_pages import claims

MOST_COLUMNS = 500
ALLOWANCE = 1 << 26
"""Bytes that a table may take, however small its file is: 64 MiB."""
EXPANSION = 100
"""How many times the bytes of its file a table may take beyond that; the text of people takes ten times as much."""
_CELL = 8


def read_foreign_table(source: IO[bytes], n_rows: int | None = None) -> pa.Table:
    """Read a Parquet file, its texts as dictionaries, so that each is in memory once.

    Parameters
    ----------
    source
        The bytes of the file.
    n_rows
        How many rows it must have; None: any number.

    Raises
    ------
    ValueError, pyarrow.ArrowException, OSError
        It is no Parquet file, has another number of rows, or would take too much memory.
    """
    size = source.seek(0, os.SEEK_END)
    claimed = claims(source, size)
    if claimed.n_columns > MOST_COLUMNS:
        raise ValueError(f"{claimed.n_columns} columns, and there may be {MOST_COLUMNS}")
    if n_rows is not None and claimed.n_rows != n_rows:
        raise ValueError(f"{claimed.n_rows} rows, and there must be {n_rows}")
    needed = claimed.n_bytes + claimed.n_rows * claimed.n_columns * _CELL
    if needed > ALLOWANCE + EXPANSION * size:
        raise ValueError(f"a table of {needed:,} bytes in a file of {size:,}")
    # In this thread alone: Arrow's own threads may still be at work when the process ends, and then it is aborted.
    options = {
        "thrift_string_size_limit": size,
        "thrift_container_size_limit": 100 * MOST_COLUMNS,
        "pre_buffer": False,
    }
    with pq.ParquetFile(source, **options) as file:
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    with pq.ParquetFile(source, read_dictionary=texts, **options) as file:
        table = file.read(use_threads=False)
    table.validate(full=True)  # that texts are UTF-8, and that their numbers lead into their dictionary
    return table


def texts_of(table: pa.Table, column: str) -> list[str]:
    """Give a column of texts, in which equal texts are one object.

    Raises
    ------
    ValueError
        There is no such column, it is not of text, or a text is missing.
    """
    if column not in table.column_names:
        raise ValueError(f"it has no column {column}")
    values: list[str] = []
    for chunk in table[column].chunks:
        if not (pa.types.is_dictionary(chunk.type) and pa.types.is_string(chunk.type.value_type)) or chunk.null_count:
            raise ValueError(f"its column {column} is not of texts")
        distinct = chunk.dictionary.to_pylist()
        values += [distinct[index] for index in chunk.indices.to_pylist()]
    return values
