"""The weights of a linear model of items on items."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError

Floats = NDArray[np.float32]

MOST_ITEMS = 2**31 - 1
INDICES = {np.dtype(np.int32), np.dtype(np.int64)}
"""What a sparse matrix is indexed by."""
_CELLS = 1 << 20
"""The number of weights looked at a time."""
_SMALLEST = -126
"""The exponent of the smallest float32 that no CPU takes for zero."""


@dataclass(frozen=True, eq=False)
class ItemWeights:
    """What an item that a user has adds to the score of another item.

    Attributes
    ----------
    weights
        Float32, finite, a row for each item that a user may have and a column for each that is scored: all of them,
        shape (n_items, n_items), in a sparse matrix of rows, or those of `items`, shape (m, m), in an array. They are
        multiples of one power of two, so that a sum of n_items of them is exact in float64; see `quantise`.
    items
        Shape (m,), int32, ascending: the items that an array is about; all of them if the matrix is sparse.
    n_items
        The number of items.

    Raises
    ------
    RecommenderError
        These are not such weights; anybody may have written the file.
    """

    weights: Floats | sp.csr_matrix
    items: NDArray[np.int32]
    n_items: int

    @classmethod
    def sparse(cls, weights: sp.csr_matrix) -> Self:
        """Take a sparse matrix about all items."""
        return cls(weights, np.arange(weights.shape[0], dtype=np.int32), weights.shape[0])

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Make weights of what `arrays` gave, if they are that; anybody may have written them."""
        n_items, kind = arrays["n_items"], arrays.keys() - {"n_items"}
        if n_items.shape or n_items.dtype.kind != "i":
            raise _refusal(f"the number of items is {n_items.dtype} {n_items.shape}")
        if kind == {"dense", "items"}:
            return cls(arrays["dense"], arrays["items"], n_items.item())
        if kind != {"data", "indices", "indptr"}:
            raise _refusal(f"there are {', '.join(sorted(kind)) or 'none'}")
        data, indices, indptr = (arrays[name] for name in ("data", "indices", "indptr"))
        # Of smaller whole numbers, SciPy would make larger ones, and take more memory than the file.
        if not {indices.dtype, indptr.dtype} <= INDICES or {data.ndim, indices.ndim, indptr.ndim} != {1}:
            raise _refusal(f"the rows are {indices.dtype} {indices.shape} and {indptr.dtype} {indptr.shape}")
        if len(indptr) != n_items.item() + 1:
            raise _refusal(f"{len(indptr)} starts of rows do not go with {n_items.item()} items")
        return cls.sparse(sp.csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, len(indptr) - 1)))

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a file has: `dense` and `items`, or the three arrays of a sparse matrix; and `n_items`."""
        weights = self.weights
        if isinstance(weights, np.ndarray):
            found: dict[str, NDArray[Any]] = {"dense": weights, "items": self.items}
        else:
            found = {name: getattr(weights, name) for name in ("data", "indices", "indptr")}
        return found | {"n_items": np.array(self.n_items)}

    def __post_init__(self) -> None:
        if not 1 <= self.n_items <= MOST_ITEMS:
            raise _refusal(f"there are {self.n_items} items")
        if self.items.dtype != np.int32 or self.items.ndim != 1 or not len(self.items):
            raise _refusal(f"the items are {self.items.dtype} {self.items.shape}")
        if self.items[0] < 0 or self.items[-1] >= self.n_items or (self.items[1:] <= self.items[:-1]).any():
            raise _refusal(f"the items do not ascend from 0 to {self.n_items - 1}")
        if isinstance(self.weights, np.ndarray):
            wanted = (len(self.items), len(self.items))
        else:
            wanted = (self.n_items, self.n_items)
            _require_rows(self.weights, self.items)
        if self.weights.shape != wanted or self.weights.dtype != np.float32:
            raise _refusal(f"the weights are {self.weights.dtype} {self.weights.shape}, and not float32 {wanted}")
        values = self.values
        largest = _largest(values)
        if not largest * self.n_items < float(np.finfo(np.float32).max):  # NaN is not, either
            raise _refusal("the weights are not all finite, or too large")
        step = _step(largest, self.n_items)
        if not all((np.rint(part / step) * step == part).all() for part in _parts(values)):
            raise _refusal(f"the weights are no multiples of {step}, so their sums would not be exact")

    @property
    def values(self) -> Floats:
        """All weights that are there, in one dimension."""
        weights = self.weights
        return weights.reshape(-1) if isinstance(weights, np.ndarray) else weights.data


def quantise(values: Floats, n_items: int) -> None:
    """Round weights, in place, to multiples of a power of two such that a sum of `n_items` of them is exact in float64.

    Exact sums are the same in whatever order they are taken, and so on every CPU. The step is as small as that allows:
    2**(e - b), where the largest weight is below 2**e, and b is 53 less the number of bits of `n_items`.

    Parameters
    ----------
    values
        Contiguous, float32, finite.
    n_items
        The largest number of terms of a sum, at least 1.
    """
    flat = values.reshape(-1)
    step = _step(_largest(flat), n_items)
    for part in _parts(flat):
        part /= step
        np.rint(part, out=part)
        part *= step
        part += np.float32(0)  # makes one of the two zeros


def _refusal(reason: str) -> RecommenderError:
    return RecommenderError(f"these arrays are not a model of items: {reason}")


def _require_rows(weights: sp.csr_matrix, items: NDArray[np.int32]) -> None:
    if len(items) != weights.shape[0]:
        raise _refusal("a sparse matrix is about all items")
    try:
        weights.check_format(full_check=True)
    except ValueError as error:
        raise _refusal(str(error)) from None
    descends = weights.indices[1:] <= weights.indices[:-1]
    starts = weights.indptr[1:-1]
    descends[starts[(starts > 0) & (starts < weights.nnz)] - 1] = False
    if descends.any():
        raise _refusal("the columns of a row do not ascend")


def _largest(values: Floats) -> float:
    """Find the largest size; NaN if one is."""
    return max(-float(values.min(initial=0)), float(values.max(initial=0)))


def _step(largest: float, n_items: int) -> np.float32:
    exponent = math.frexp(largest)[1] - (53 - n_items.bit_length())
    return np.float32(math.ldexp(1, max(exponent, _SMALLEST)))


def _parts(values: Floats) -> Iterator[Floats]:
    return (values[start : start + _CELLS] for start in range(0, len(values), _CELLS))
