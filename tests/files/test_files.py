"""Files are written whole or not at all, and the same bytes each time."""

import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse as sp

from recommender.files.arrays import read_arrays, read_coo, read_csr, write_arrays, write_matrix
from recommender.files.atomic import open_atomically
from recommender.files.csv_files import write_csv
from recommender.files.json_files import read_json, write_json
from recommender.files.tables import read_table, write_table


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("good")

    def fail() -> None:
        with open_atomically(path) as stream:
            stream.write(b"half")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        fail()
    assert path.read_text() == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "out.txt.part").write_text("left from before")
    with open_atomically(tmp_path / "out.txt") as stream:
        stream.write(b"whole")
    assert (tmp_path / "out.txt").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_json_keeps_order_and_letters_and_refuses_nan(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"z": 1, "a": "Zoë"})
    assert path.read_text(encoding="utf-8") == '{\n  "z": 1,\n  "a": "Zoë"\n}\n'
    assert list(read_json(io.BytesIO(path.read_bytes()))) == ["z", "a"]
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"z": float("nan")})
    assert read_json(path) == {"z": 1, "a": "Zoë"}


def test_a_sparse_matrix_keeps_the_order_of_its_entries(tmp_path: Path) -> None:
    matrix = sp.coo_matrix((np.array([1, -1, 2], np.float32), (np.array([2, 0, 2]), np.array([1, 1, 0]))), shape=(3, 4))
    write_matrix(tmp_path / "m.npz", matrix)
    read = read_coo(tmp_path / "m.npz")
    assert read.shape == (3, 4)
    assert read.data.dtype == np.float32
    assert [read.row.tolist(), read.col.tolist(), read.data.tolist()] == [[2, 0, 2], [1, 1, 0], [1, -1, 2]]
    assert read_csr(tmp_path / "m.npz").toarray().tolist() == matrix.toarray().tolist()


def test_arrays_never_hold_or_run_objects(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle=False"):
        write_arrays(tmp_path / "a.npz", {"a": np.array([print])})
    np.savez(tmp_path / "b.npz", a=np.array([print]))
    with pytest.raises(ValueError, match="is of object, and not of numbers"):
        read_arrays(tmp_path / "b.npz")


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    table = pa.table({"id": ["a", "b"], "n": [1, 2]})
    for name in ("1", "2"):
        os.utime(tmp_path, (1, 1))
        write_table(tmp_path / f"{name}.parquet", table)
        write_arrays(tmp_path / f"{name}.npz", {"a": np.arange(3)})
        write_csv(tmp_path / f"{name}.csv", table)
    for ending in ("parquet", "npz", "csv"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()
    assert read_table(tmp_path / "1.parquet").equals(table)
