"""An archive of arrays is refused for what is wrong with it, and read up to the very limits."""

import hashlib
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.lib import format as npy

from recommender.files import arrays
from recommender.files.arrays import MOST_ARRAYS, read_arrays, read_coo, read_csr, write_arrays, write_matrix

LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def npz(**content: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **content)
    return stream.getvalue()


ENTRIES = sp.coo_matrix(
    (np.array([1, 2], np.float32), (np.array([1, 0], np.int32), np.array([0, 2], np.int32))), shape=(2, 3)
)


def test_a_file_has_the_same_bytes_under_every_python(tmp_path: Path) -> None:
    """The hashes are those of 3.11.2, whose `numpy.savez` writes others, and of 3.11.7, whose writes the same."""
    write_arrays(tmp_path / "arrays.npz", {"a": np.arange(5, dtype=np.int64), "b": np.ones((2, 3), np.float32)})
    write_matrix(tmp_path / "coo.npz", ENTRIES)
    write_matrix(tmp_path / "csr.npz", sp.csr_matrix(ENTRIES))
    assert {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()} == {  # noqa: S324
        "arrays.npz": "f370e248b39a5cd5e02987d8f99e03e8",
        "coo.npz": "d3d0eb4642b11051881c3d5d70c6f4d8",
        "csr.npz": "002c19b45a6d2454438a605c901cc406",
    }
    with np.load(tmp_path / "arrays.npz") as found:
        assert found["a"].tolist() == [0, 1, 2, 3, 4]
    for name in ("coo.npz", "csr.npz"):
        assert sp.load_npz(tmp_path / name).toarray().tolist() == ENTRIES.toarray().tolist()


def member(content: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("a.npy", content)
    return stream.getvalue()


def header(shape: str, dtype: str = "|S1") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + text.encode()


def patched(content: bytes, offset: int, value: bytes) -> bytes:
    """Change a field of the first entry of the directory at the end."""
    place = content.index(CENTRAL) + offset
    return content[:place] + value + content[place + len(value) :]


def refused(content: bytes) -> str:
    with pytest.raises(ValueError, match=r".+") as error:
        read_arrays(io.BytesIO(content))
    return str(error.value)


def test_there_may_be_so_many_arrays_and_no_more() -> None:
    assert MOST_ARRAYS == 16, "as docs/security.md says"
    content: dict[str, Any] = {f"a{number}": np.zeros(1) for number in range(17)}
    assert refused(npz(**content)) == "17 arrays, and there may be 16"
    content.pop("a3")
    assert len(read_arrays(io.BytesIO(npz(**content)))) == 16
    assert read_arrays(io.BytesIO(npz())) == {}


def test_an_archive_begins_where_its_file_does() -> None:
    for content in (npz(a=np.zeros(1)), npz()):
        assert refused(b"#!/bin/sh\n" + content) == "it does not begin as an archive of arrays"


def test_what_is_compressed_or_encrypted_is_refused() -> None:
    plain = npz(a=np.zeros(9))
    for content in (
        member(header("(100,)") + bytes(100), zipfile.ZIP_DEFLATED),
        patched(member(header("(1,)") + b"a"), 10, struct.pack("<H", zipfile.ZIP_DEFLATED)),
        patched(plain, 8, struct.pack("<H", 1)),
        patched(plain, 20, struct.pack("<I", 100)),
    ):
        assert refused(content) == "'a.npy' is compressed or encrypted"
    assert read_arrays(io.BytesIO(patched(plain, 8, struct.pack("<H", 2))))["a"].shape == (9,)


def test_the_arrays_have_no_more_bytes_than_the_file(tmp_path: Path) -> None:
    def claiming(more: int) -> bytes:
        size = len(member(header("(1000,)") + b"a" * 100))
        content = member(header(f"({size - 128 + more},)") + b"a" * 100)
        return patched(content, 20, struct.pack("<II", size + more, size + more))

    assert refused(claiming(1)) == "the arrays overlap"
    with pytest.raises((EOFError, zipfile.BadZipFile)):  # the latter where Python itself looks for members that overlap
        read_arrays(io.BytesIO(claiming(0)))
    (tmp_path / "a.npz").write_bytes(claiming(1))
    with pytest.raises(ValueError, match="the arrays overlap"):
        read_arrays(tmp_path / "a.npz")


def test_both_versions_of_the_format_that_numbers_need_are_read() -> None:
    for version in ((1, 0), (2, 0)):
        stream = io.BytesIO()
        npy.write_array(stream, np.arange(3), version)
        assert read_arrays(io.BytesIO(member(stream.getvalue())))["a"].tolist() == [0, 1, 2]
    third = b"\x93NUMPY\x03\x00" + header("(1,)")[8:] + b"a"
    assert refused(member(third)) == "'a.npy' is in version (3, 0) of NumPy's format"


def test_a_shape_is_what_its_bytes_are() -> None:
    for shape, size in (("(-1, -1)", 1), ("(-1, -2, 1)", 2), ("(2,)", 1), ("(1,)", 2), ("()", 2), ("(0,)", 1)):
        assert "claims the shape" in refused(member(header(shape) + bytes(size))), shape
    for dtype in ("|O", "|V1", "<U1", "<M8[s]", "<c8"):
        assert "and not of numbers" in refused(member(header("(1,)", dtype) + bytes(8)))


@pytest.mark.parametrize("chunk", [1, 3, 7, 24, 25])
def test_an_array_is_the_same_however_it_is_cut_on_the_way(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_CHUNK", chunk)
    for array in (np.arange(3), np.arange(6.0).reshape(2, 3).T, np.zeros((0, 2))):
        assert np.array_equal(read_arrays(io.BytesIO(npz(a=array)))["a"], array)


@pytest.mark.parametrize("kind", [sp.coo_matrix, sp.csr_matrix])
def test_a_matrix_is_read_in_either_format_and_of_the_shape_that_it_must_have(kind: Any, tmp_path: Path) -> None:
    write_matrix(tmp_path / "m.npz", kind(np.array([[0, 1, 0], [2, 0, 3]])))
    for found in (
        read_coo(tmp_path / "m.npz", (2, 3)),
        read_csr(tmp_path / "m.npz", (2, 3)),
        read_csr(tmp_path / "m.npz"),
    ):
        assert found.toarray().tolist() == [[0, 1, 0], [2, 0, 3]]
    with pytest.raises(ValueError, match=r"a matrix of shape \(2, 3\), and not \(3, 2\)"):
        read_csr(tmp_path / "m.npz", (3, 2))


CSR = {
    "format": b"csr",
    "shape": (2, 3),
    "data": np.ones(2),
    "indices": np.array([1, 0]),
    "indptr": np.array([0, 1, 2]),
}


def test_what_is_no_matrix_is_refused_for_the_reason() -> None:
    assert read_csr(io.BytesIO(npz(**CSR))).nnz == 2
    for changed, message in (
        ({"shape": (2, 3, 4)}, r"^a matrix of shape \(2, 3, 4\)$"),
        ({"shape": (2.0, 3.0)}, r"^a matrix of shape \(2.0, 3.0\)$"),
        ({"shape": (2,)}, r"^a matrix of shape \(2,\)$"), ({"format": b"dia"}, r"^a matrix in the format b'dia'$"),
        ({"indices": np.array([1.5, 0])}, "whose indices are not whole numbers"), ({"indices": np.array([1, 3])}, ".+"),
        ({"indices": np.array([1, -1])}, ".+"), ({"indptr": np.array([0, 2, 1])}, ".+"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            read_csr(io.BytesIO(npz(**CSR | changed)))
