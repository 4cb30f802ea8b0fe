"""Published splits of data, as the benchmarks read them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError

Format = Literal["lists", "pairs"]
"""In each line a user and the user's items, or a user, an item and what nobody needs, with tabs in between."""


def read_split(
    train: Sequence[Path], test: Sequence[Path], written: Format = "lists"
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Read both parts of a split, each from one or more files.

    Returns
    -------
    tuple of scipy.sparse.csr_matrix
        Train and test, shape (n_users, n_items) each, with 1 for each pair that is there at least once. Users and items
        are those of either part, in ascending order of their numbers.

    Raises
    ------
    RecommenderError
        A file is not of this format, or a part is empty.
    """
    parts = [_read(files, written) for files in (train, test)]
    users, items = (np.unique(np.concatenate(side)) for side in zip(*parts, strict=True))
    read = []
    for part in parts:
        where = np.searchsorted(users, part[0]), np.searchsorted(items, part[1])
        matrix = sp.csr_matrix((np.ones(len(part[0]), np.float32), where), shape=(len(users), len(items)))
        matrix.data[:] = 1  # building it has added up what is there more than once
        read.append(matrix)
    return read[0], read[1]


def _read(files: Sequence[Path], written: Format) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Read the users and items of a part's pairs."""
    read = [_lists(file) if written == "lists" else _pairs(file) for file in files]
    users, items = (np.concatenate(side) for side in zip(*read, strict=True))
    if not len(users):
        raise RecommenderError(f"{' and '.join(file.name for file in files)}: there is no pair of a user and an item")
    return users, items


def _lists(file: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    empty = np.array([], dtype=np.int64)
    users, items = [empty], [empty]
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            user, *owned = map(int, line.split()) if line.strip() else (0,)
        except ValueError:
            raise RecommenderError(
                f"{file.name} line {number}: it must be a user and items, all of them numbers"
            ) from None
        users.append(np.full(len(owned), user))
        items.append(np.array(owned, dtype=np.int64))
    return np.concatenate(users), np.concatenate(items)


def _pairs(file: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    try:
        frame = pd.read_csv(file, sep="\t", header=None, usecols=[0, 1], dtype=np.int64)
    except ValueError:
        raise RecommenderError(f"{file.name}: each line must begin with two numbers, a tab in between") from None
    return frame[0].to_numpy(), frame[1].to_numpy()
