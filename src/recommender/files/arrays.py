"""Files of dense and sparse arrays in NumPy's and SciPy's own formats, which cannot run code.

Files are trusted for what they hold, not for what they claim: an array is as large as its uncompressed bytes in the
file, so a small file cannot take much memory.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import scipy.sparse as sp
from numpy.lib import format as npy
from numpy.typing import NDArray

from recommender.files.atomic import Readable, open_atomically

MOST_ARRAYS = 16
KINDS = "biufS"
"""The dtypes that an array may have: numbers, and bytes for SciPy's name of a format. No objects, hence no pickles."""
ZIP64_VERSION = 45
"""The version of the ZIP format that has ZIP64."""
SIZES = range(18, 26)
"""The two sizes in the header of a member."""
_CHUNK = 1 << 24
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


class _Member(ZipInfo):
    """A member of an archive whose header does not depend on the version of Python.

    Python 3.11.2, which Debian 12 has, writes the sizes of a ZIP64 member twice, and another version of the format than
    3.11.7 does.
    """

    def __init__(self, filename: str) -> None:
        super().__init__(filename)  # dated 1980, so that equal arrays give equal bytes
        self.create_version = self.extract_version = ZIP64_VERSION

    def FileHeader(self, zip64: bool | None = None) -> bytes:  # noqa: N802 - the name that `zipfile` gives it
        """Give the header with its sizes in the ZIP64 field alone."""
        header = super().FileHeader(zip64)
        return header[: SIZES.start] + b"\xff" * len(SIZES) + header[SIZES.stop :]


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as an uncompressed `.npz`: the bytes of `numpy.savez`, whatever the version of Python."""
    with open_atomically(path) as stream, ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with archive.open(_Member(f"{name}.npy"), "w", force_zip64=True) as member:
                npy.write_array(member, np.asanyarray(array), allow_pickle=False)


def read_arrays(source: Readable) -> dict[str, NDArray[Any]]:
    """Read the arrays of an `.npz` by name.

    Raises
    ------
    ValueError, KeyError, OSError, zipfile.BadZipFile
        The file is not one of `write_arrays` or `write_matrix`: it is compressed or encrypted, holds other than
        numbers, or an array's stated size is not its real one.
    """
    with ZipFile(source) as archive:
        if archive.fp is None or _first(archive.fp) not in _MAGIC:
            raise ValueError("it does not begin as an archive of arrays")
        members = archive.infolist()
        if len(members) > MOST_ARRAYS:
            raise ValueError(f"{len(members)} arrays, and there may be {MOST_ARRAYS}")
        for member in members:
            if member.compress_type != ZIP_STORED or member.flag_bits & 1 or member.file_size != member.compress_size:
                raise ValueError(f"{member.filename!r} is compressed or encrypted")
        # Members may not share their bytes, which would make much of little.
        size = source.stat().st_size if isinstance(source, Path) else source.seek(0, os.SEEK_END)
        if sum(member.file_size for member in members) > size:
            raise ValueError("the arrays overlap")
        return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}


def _first(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(4)


def _array(archive: ZipFile, member: ZipInfo) -> NDArray[Any]:
    with archive.open(member) as stream:
        version = npy.read_magic(stream)
        headers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in headers:
            raise ValueError(f"{member.filename!r} is in version {version} of NumPy's format")
        try:
            shape, is_fortran, dtype = headers[version](stream)
        except (SyntaxError, MemoryError, RecursionError, TokenError):
            raise ValueError(f"{member.filename!r} has a header of nonsense") from None
        if dtype.kind not in KINDS:
            raise ValueError(f"{member.filename!r} is of {dtype}, and not of numbers")
        count = 1
        for length in shape:
            count *= length
        if min(shape, default=0) < 0 or count * dtype.itemsize != member.file_size - stream.tell():
            raise ValueError(f"{member.filename!r} claims the shape {shape} of {dtype}, which is not its size")
        array: NDArray[Any] = np.empty(shape[::-1] if is_fortran else shape, dtype)
        _fill(array, stream)
    return array.T if is_fortran else array


def _fill(array: NDArray[Any], stream: IO[bytes]) -> None:
    """Read all bytes of an array; at the end, the archive compares their checksum."""
    target = array.reshape(-1).view(np.uint8) if array.nbytes else np.empty(0, np.uint8)
    done = 0
    while chunk := stream.read(_CHUNK):
        target[done : done + len(chunk)] = np.frombuffer(chunk, np.uint8)
        done += len(chunk)
    if done != array.nbytes:
        raise ValueError("an array ends early")


def write_matrix(path: Path, matrix: sp.coo_matrix | sp.csr_matrix) -> None:
    """Write a sparse matrix for `scipy.sparse.load_npz`; the order of its entries is kept."""
    where = ("row", "col") if matrix.format == "coo" else ("indices", "indptr")
    arrays = {name: getattr(matrix, name) for name in where}
    about = {"format": np.array(matrix.format.encode()), "shape": np.array(matrix.shape)}
    write_arrays(path, arrays | about | {"data": matrix.data})


def read_coo(source: Readable, shape: tuple[int, int] | None = None) -> sp.coo_matrix:
    """Read a sparse matrix as a list of entries, in the order in which they were written.

    Parameters
    ----------
    source
        A file of `write_matrix`.
    shape
        The shape that it must have; None: any. Memory use follows the shape, so a stranger's file needs this bound.

    Raises
    ------
    ValueError, KeyError, OSError, zipfile.BadZipFile
        The file is not one of `write_matrix`, has another shape, or has an entry outside of it.
    """
    return sp.coo_matrix(_matrix(source, shape))


def read_csr(source: Readable, shape: tuple[int, int] | None = None) -> sp.csr_matrix:
    """Read a sparse matrix by its rows; see `read_coo`."""
    return sp.csr_matrix(_matrix(source, shape))


def _matrix(source: Readable, shape: tuple[int, int] | None) -> sp.coo_matrix | sp.csr_matrix:
    arrays = read_arrays(source)
    found = tuple(arrays["shape"].tolist())
    if len(found) != 2 or not all(isinstance(length, int) for length in found):
        raise ValueError(f"a matrix of shape {found}")
    if shape is not None and found != shape:
        raise ValueError(f"a matrix of shape {found}, and not {shape}")
    kind = arrays["format"].item()
    if any(arrays[name].dtype.kind not in "iu" for name in ("row", "col", "indices", "indptr") if name in arrays):
        raise ValueError("a matrix whose indices are not whole numbers")
    if kind == b"coo":
        return sp.coo_matrix((arrays["data"], (arrays["row"], arrays["col"])), shape=found)
    if kind == b"csr":
        matrix = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=found)
        matrix.check_format(full_check=True)
        return matrix
    raise ValueError(f"a matrix in the format {kind!r}")
