"""What is read from elsewhere takes memory by what it holds, and not by what it claims."""

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from memory import memory_of

from recommender.files.arrays import read_arrays, read_coo, read_csr
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json
from recommender.serving.foreign_tables import read_foreign_table, texts_of
from recommender.serving.parquet_pages import claims


def npz(**arrays: Any) -> io.BytesIO:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream


def zipped(content: bytes, compression: int = zipfile.ZIP_STORED) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("a.npy", content)
    return stream


def npy(shape: str, dtype: str = "<f4", data: bytes = b"", order: str = "False") -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def overlapping() -> io.BytesIO:
    """An archive in which many names share the bytes of one array."""
    content = npz(a=np.zeros(100_000, np.float32)).getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    entries = b"".join(entry.replace(b"a.npy", b"%c.npy" % (97 + number)) for number in range(10))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 10, 10, len(entries), start, 0)
    return io.BytesIO(content[:start] + entries + tail)


ARRAYS: dict[str, Callable[[], io.BytesIO]] = {
    "compressed": lambda: zipped(npy("(1000000,)", data=bytes(4_000_000)), zipfile.ZIP_DEFLATED),
    "a shape beyond its bytes": lambda: zipped(npy("(2000000000,)", data=bytes(8))),
    "a shape beyond all bytes": lambda: zipped(npy("(4611686018427387905, 4)", data=bytes(16))),
    "a shape of less than its bytes": lambda: zipped(npy("(1,)", data=bytes(8))),
    "a negative shape": lambda: zipped(npy("(-1, -2)", data=bytes(8))),
    "objects": lambda: npz(a=np.array([print])),
    "objects within a record": lambda: zipped(npy("(1,)", "|O", b"\x80\x04.")),
    "text": lambda: npz(a=np.array(["a" * 1000])),
    "nothing of a size": lambda: zipped(npy("(2000000000,)", "|S0")),
    "many dimensions": lambda: zipped(npy(f"({'1, ' * 100})", data=bytes(4))),
    "a deep header": lambda: zipped(npy("(" * 3000, data=bytes(4))),
    "a header of nonsense": lambda: zipped(npy("__import__('os')", data=bytes(4))),
    "version 3 of the format": lambda: zipped(b"\x93NUMPY\x03\x00" + npy("(1,)", data=bytes(4))[8:]),
    "no array": lambda: zipped(b"nothing"),
    "more arrays than a model has": lambda: npz(**{f"a{number}": np.zeros(1) for number in range(1000)}),
    "arrays that share their bytes": overlapping,
    "another checksum": lambda: io.BytesIO(npz(a=np.zeros(9)).getvalue().replace(bytes(72), bytes(71) + b"\1")),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_that_claim_what_they_are_not_are_refused_before_they_take_memory(kind: str) -> None:
    source = ARRAYS[kind]()
    with memory_of() as used, pytest.raises((ValueError, zipfile.BadZipFile, EOFError)):
        read_arrays(source)
    assert used() < 32 << 20


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (0, 3), (3, 0)])
@pytest.mark.parametrize("dtype", ["<f4", "<i8", "|b1", "|S3", ">f8"])
def test_arrays_that_are_what_they_claim_are_read(order: str, shape: tuple[int, ...], dtype: str) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    array = np.asfortranarray(array) if order == "F" else array
    found = read_arrays(npz(a=array))["a"]
    assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert found.flags.writeable


SPARSE = {"format": b"coo", "shape": (2, 3), "row": np.zeros(1, np.int32), "col": np.zeros(1, np.int32)}
SPARSE |= {"data": np.ones(1, np.float32)}


@pytest.mark.parametrize(
    "changed",
    [
        {"shape": (1 << 40, 1 << 40)}, {"shape": (2, 3, 4)}, {"shape": (2.0, 3.0)}, {"shape": (-2, -3)}, {"shape": 6},
        {"format": b"dia"}, {"format": 5}, {"row": np.array([2], np.int32)}, {"col": np.array([-1], np.int32)},
        {"row": np.zeros(2, np.int32)}, {"row": np.zeros((1, 1), np.int32)}, {"data": np.ones((1, 2))},
        {"format": b"csr"}, {"row": np.zeros(1, np.float32) + 0.5},
    ],
)  # fmt: skip
def test_a_matrix_that_is_none_is_refused_before_it_takes_memory(changed: dict[str, Any]) -> None:
    source = npz(**SPARSE | changed)
    with memory_of() as used, pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        read_csr(source, (2, 3))
    assert used() < 32 << 20


@pytest.mark.parametrize("indptr", [[0, 1, 2], [0, 2, 1], [0, 1 << 40, 1], [0, -1, 1], [1, 1, 1], [0, 1], [0, 0, 1, 1]])
def test_rows_that_lead_out_of_a_matrix_are_refused(indptr: list[int]) -> None:
    arrays = {"format": b"csr", "shape": (2, 3), "data": np.ones(1), "indices": np.zeros(1, np.int32)}
    with pytest.raises(ValueError, match=r".+"):
        read_coo(npz(**arrays, indptr=np.array(indptr)))


def parquet(table: pa.Table, **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd", **options)
    return stream


def titles(*texts: Any) -> pa.Table:
    return pa.table({"program_id": [f"p_{n}" for n in range(len(texts))], "title": list(texts)})


LARGE: dict[str, dict[str, Any]] = {
    "a dictionary": {},
    "plain": {"use_dictionary": False},
    "of the second version": {"data_page_version": "2.0"},
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_small_table_of_much_text_is_refused_before_it_takes_memory(kind: str) -> None:
    source = parquet(titles("a" * (100 << 20)), **LARGE[kind])
    assert len(source.getvalue()) < 100_000
    with memory_of() as used, pytest.raises(ValueError, match="a table of 104,857"):
        read_foreign_table(source, 1)
    assert used() < 32 << 20


def test_a_table_whose_summary_lies_about_its_size_is_refused_all_the_same() -> None:
    source = parquet(titles("a" * (100 << 20)))
    content = bytearray(source.getvalue())
    claimed = pq.ParquetFile(source).metadata.row_group(0).column(1).total_uncompressed_size
    there = content.rindex(varint(claimed))
    content[there : there + len(varint(claimed))] = b"\x80" * (len(varint(claimed)) - 1) + b"\x00"
    lying = io.BytesIO(bytes(content))
    assert pq.ParquetFile(lying).metadata.row_group(0).column(1).total_uncompressed_size == 0
    with memory_of() as used, pytest.raises(ValueError, match="a table of 104,857"):
        read_foreign_table(lying, 1)
    assert used() < 32 << 20


def varint(value: int) -> bytes:
    value, found = value << 1, b""
    while value >= 0x80:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def test_a_table_of_many_equal_rows_is_refused_before_it_takes_memory() -> None:
    source = parquet(pa.table({"a": pa.repeat("x", 20_000_000)}))
    with memory_of() as used, pytest.raises(ValueError, match="a table of"):
        read_foreign_table(source)
    assert used() < 32 << 20


def test_equal_texts_are_in_memory_once() -> None:
    table = read_foreign_table(parquet(titles(*["a" * 100_000] * 10_000)), 10_000)
    with memory_of() as used:
        found = texts_of(table, "title")
    assert len(found) == 10_000
    assert used() < 32 << 20


@pytest.mark.parametrize(
    "table",
    [
        titles(1, 2), titles(b"a", b"b"), titles(["a"], ["b"]), titles("a", None), titles({"a": 1}, {"a": 2}),
        titles("a"), titles("a", "b", "c"), pa.table({"title": ["a", "b"]}).rename_columns(["name"]),
        pa.table({f"c{n}": ["a", "b"] for n in range(1000)}),
    ],
)  # fmt: skip
def test_titles_that_are_no_texts_are_refused(table: pa.Table) -> None:
    with pytest.raises(ValueError, match=r".+"):
        texts_of(read_foreign_table(parquet(table), 2), "title")


@pytest.mark.parametrize("options", [{}, {"row_group_size": 100, "data_page_size": 100}, *LARGE.values()])
@pytest.mark.parametrize("texts", [[], [""], ["a", "a", "b"], [f"Title {n}" for n in range(1000)], ["é" * 1000, "\0"]])
def test_titles_are_read_as_they_were_written(options: dict[str, Any], texts: list[str]) -> None:
    table = pa.table({"title": pa.array(texts, pa.string())})
    source = parquet(table, **options)
    assert texts_of(read_foreign_table(source, len(texts)), "title") == texts
    claimed = pq.ParquetFile(source).metadata
    columns = [claimed.row_group(n).column(0).total_uncompressed_size for n in range(claimed.num_row_groups)]
    found = claims(source, len(source.getvalue()))
    assert (found.n_rows, found.n_columns) == (len(texts), 1 if texts else found.n_columns)
    assert 0 <= found.n_bytes <= sum(columns)


@pytest.mark.parametrize("seed", range(100))
def test_a_table_of_any_damage_is_read_or_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray(parquet(titles(*(f"Title {n}" for n in range(50)))).getvalue())
    for place in rng.integers(len(content), size=1 + seed % 8):
        content[place] = rng.integers(256)
    with contextlib.suppress(ValueError, OSError, pa.ArrowException):
        assert len(texts_of(read_foreign_table(io.BytesIO(bytes(content)), 50), "title")) == 50


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b"[]", b"5", b"", b"\xff", b'{"a": ' + b"9" * 5000 + b"}"]
)  # fmt: skip
def test_json_that_is_no_object_or_too_deep_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(io.BytesIO(content))


@pytest.mark.parametrize("users", [None, "ab", ["a", 1], [b"a"], [["a"]], ["a", "a"], {"a": "b"}, [True], ["a", None]])
def test_ids_are_distinct_texts(users: Any) -> None:
    with pytest.raises(ValueError, match="users"):
        IdMap.from_json({"users": users, "programs": ["x"]})
    with pytest.raises(ValueError, match="programs"):
        IdMap.from_json({"users": ["x"], "programs": users})
    assert IdMap.from_json({"users": ["a", ""], "programs": []}).user_ids == ("a", "")
