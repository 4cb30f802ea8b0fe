"""Files of dense and sparse arrays, in NumPy's and SciPy's own formats; nothing in them can run code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.files.whole import Source, written_whole


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as `.npz`, uncompressed. NumPy dates every member 1980, so equal arrays give equal bytes."""
    with written_whole(path) as stream:
        np.savez(stream, allow_pickle=False, **dict(arrays))


def read_arrays(source: Source) -> dict[str, NDArray[Any]]:
    """Read the arrays of an `.npz`; nothing in it can run code."""
    with np.load(source, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def write_matrix(path: Path, matrix: sp.coo_matrix | sp.csr_matrix) -> None:
    """Write a sparse matrix for `scipy.sparse.load_npz`; the order of its entries is kept."""
    with written_whole(path) as stream:
        sp.save_npz(stream, matrix, compressed=False)


def read_coo(source: Source) -> sp.coo_matrix:
    """Read a sparse matrix as its entries, in the order in which they were written."""
    return sp.coo_matrix(sp.load_npz(source))


def read_csr(source: Source) -> sp.csr_matrix:
    """Read a sparse matrix by its rows."""
    return sp.csr_matrix(sp.load_npz(source))
