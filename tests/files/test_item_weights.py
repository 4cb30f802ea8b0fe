"""Weights of items are what they were in their file, and a stranger's file cannot pass for a model."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.files.arrays import write_arrays
from recommender.files.item_weights import ItemWeights, quantise
from recommender.files.models import read_model, write_model

ITEMS = np.array([0, 2, 3], dtype=np.int32)
DENSE = np.array([[0, 0.5, 0.25], [1, 0, -1], [0.125, 2, 0]], dtype=np.float32)
SPARSE = sp.csr_matrix(DENSE)


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    for model in (ItemWeights(DENSE, ITEMS, 5), ItemWeights.sparse(SPARSE)):
        path = tmp_path / "weights.npz"
        write_model(path, model)
        found = read_model(path)
        assert isinstance(found, ItemWeights)
        assert type(found.weights) is type(model.weights)
        assert found.n_items == model.n_items
        assert found.items.tolist() == model.items.tolist()
        assert found.values.tobytes() == model.values.tobytes()
        first = path.read_bytes()
        write_model(path, found)
        assert path.read_bytes() == first


BAD: dict[str, Callable[[], ItemWeights]] = {
    "no items": lambda: ItemWeights(DENSE[:0, :0], ITEMS[:0], 5),
    "of no number": lambda: ItemWeights(DENSE, ITEMS, 0),
    "of too many": lambda: ItemWeights(DENSE, ITEMS, 2**31),
    "items beyond the last": lambda: ItemWeights(DENSE, ITEMS, 3),
    "an item below the first": lambda: ItemWeights(DENSE, ITEMS - 1, 5),
    "items that descend": lambda: ItemWeights(DENSE, ITEMS[::-1].copy(), 5),
    "an item twice": lambda: ItemWeights(DENSE, np.array([0, 2, 2], dtype=np.int32), 5),
    "other items": lambda: ItemWeights(DENSE, ITEMS.astype(np.int64), 5),
    "items in a table": lambda: ItemWeights(DENSE, ITEMS[:, None], 5),
    "another shape": lambda: ItemWeights(DENSE[:2], ITEMS, 5),
    "another dtype": lambda: ItemWeights(DENSE.astype(np.float64), ITEMS, 5),
    "sparse, another dtype": lambda: ItemWeights.sparse(SPARSE.astype(np.float64)),
    "sparse, not all items": lambda: ItemWeights(SPARSE, ITEMS[:2], 3),
    "sparse, another number": lambda: ItemWeights(SPARSE, np.arange(4, dtype=np.int32), 4),
    "not a number": lambda: ItemWeights(np.full((3, 3), np.nan, dtype=np.float32), ITEMS, 5),
    "infinite": lambda: ItemWeights(np.full((3, 3), np.inf, dtype=np.float32), ITEMS, 5),
    "sums beyond float32": lambda: ItemWeights(np.full((3, 3), 1e38, dtype=np.float32), ITEMS, 5),
    "sums that are not exact": lambda: ItemWeights(
        np.array([[1, 2**-60], [0, 0]], dtype=np.float32), np.arange(2, dtype=np.int32), 2
    ),
}


@pytest.mark.parametrize("reason", BAD)
def test_arrays_that_are_no_model_are_refused_in_one_line(reason: str) -> None:
    with pytest.raises(RecommenderError, match=r"^these arrays are not a model of items: [^\n]+$"):
        BAD[reason]()


def arrays(**changed: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
    """Give the arrays of a file of a sparse model, some changed or left out."""
    whole = {"data": SPARSE.data, "indices": SPARSE.indices, "indptr": SPARSE.indptr, "n_items": np.array(3)}
    return {name: array for name, array in (whole | changed).items() if array is not None}


HOSTILE: dict[str, dict[str, NDArray[Any]]] = {
    "a column beyond the last": arrays(indices=np.array([1, 3, 0, 2, 0, 1], dtype=np.int32)),
    "a column below the first": arrays(indices=np.array([1, -2, 0, 2, 0, 1], dtype=np.int32)),
    "columns that descend": arrays(indices=np.array([2, 1, 0, 2, 0, 1], dtype=np.int32)),
    "a column twice": arrays(indices=np.array([1, 1, 0, 2, 0, 1], dtype=np.int32)),
    "rows that descend": arrays(indptr=np.array([0, 4, 2, 6])),
    "rows beyond the last entry": arrays(indptr=np.array([0, 2, 4, 2**40])),
    "rows that begin late": arrays(indptr=np.array([1, 2, 4, 6])),
    "fewer rows": arrays(indptr=np.array([0, 2, 6])),
    "another number of items": arrays(n_items=np.array(2**40)),
    "no number of items": arrays(n_items=np.array([3])),
    "a fraction of items": arrays(n_items=np.array(3.0)),
    "indices that are no whole numbers": arrays(indices=SPARSE.indices.astype(np.float64)),
    "indices that would grow": arrays(indices=SPARSE.indices.astype(np.int8), indptr=SPARSE.indptr.astype(np.int8)),
    "indices of another byte order": arrays(indptr=SPARSE.indptr.astype(">i4")),
    "tables": arrays(data=SPARSE.data[:, None]),
    "text": arrays(data=np.array([b"a"] * 6)),
    "both kinds": arrays(dense=DENSE),
    "neither kind": {"n_items": np.array(3)},
    "half of a kind": arrays(data=None),
    "dense, huge": {"dense": DENSE, "items": ITEMS, "n_items": np.array(2**40)},
    "dense, a scalar": {"dense": np.array(1, dtype=np.float32), "items": ITEMS, "n_items": np.array(4)},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_of_other_arrays_is_refused(kind: str, tmp_path: Path) -> None:
    write_arrays(tmp_path / "weights.npz", HOSTILE[kind])
    with pytest.raises((RecommenderError, ValueError)):
        read_model(io.BytesIO((tmp_path / "weights.npz").read_bytes()))


@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=50),
    st.integers(1, 2**31 - 1),
)
def test_quantised_weights_are_close_and_their_sums_exact_in_any_order(numbers: list[float], n_items: int) -> None:
    before = np.array(numbers, dtype=np.float32) / np.float32(2**32)
    weights = before.copy()
    quantise(weights, n_items)
    largest = float(np.abs(before).max())
    assert np.abs(weights.astype(np.float64) - before).max() <= max(largest * n_items * 2**-51, 2**-126)
    assert not np.signbit(weights[weights == 0]).any()
    many = np.resize(weights, min(n_items, 1000)).astype(np.float64)
    forwards, backwards = (float(np.cumsum(order)[-1]) for order in (many, np.sort(many)[::-1]))
    assert forwards == backwards
    again = weights.copy()
    quantise(again, n_items)
    assert again.tobytes() == weights.tobytes()
