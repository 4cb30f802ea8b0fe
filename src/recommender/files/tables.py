"""Tables as Parquet files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recommender.files.atomic import Readable, open_atomically


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file."""
    with open_atomically(path) as stream:
        pq.write_table(table, stream, compression="zstd")


def read_table(source: Readable) -> pa.Table:
    """Read a Parquet file the plainest way, which loads neither pandas nor Arrow's dataset reader."""
    with pq.ParquetFile(source) as file:
        return file.read()
