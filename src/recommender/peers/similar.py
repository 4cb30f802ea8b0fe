"""The most similar items of each item."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import SEQUENTIAL, Execution
from recommender.peers.pairs import Pairs
from recommender.peers.solvers import solvers

_CELLS = 1 << 22
"""The number of neighbours that a block of items has room for, at most."""


@dataclass(frozen=True, eq=False)
class Similarity:
    """How items i and j are compared: by the sum of the weights of their common users, over a denominator.

    The similarity is sum / row_factors[i] / (column_factors[j] + shrinkage / row_factors[i]), in float64 and in this
    order, rounded to float32.

    Attributes
    ----------
    user_weights
        Shape (n_users,), float64, finite, at least 0.
    row_factors, column_factors
        Shape (n_items,), float64, above 0.
    shrinkage
        At least 0.
    """

    user_weights: NDArray[np.float64]
    row_factors: NDArray[np.float64]
    column_factors: NDArray[np.float64]
    shrinkage: float = 0.0


def most_similar(
    pairs: Pairs, similarity: Similarity, neighbours: int, execution: Execution = SEQUENTIAL
) -> sp.csr_matrix:
    """Find the items that are most similar to each item.

    Parameters
    ----------
    pairs
        Who has what.
    similarity
        How items are compared.
    neighbours
        The largest number of items in a row; of equally similar ones, the lower items. An item is not its own
        neighbour, and neither is one whose similarity is 0.
    execution
        How it is computed. Progress counts items.

    Returns
    -------
    scipy.sparse.csr_matrix
        Shape (n_items, n_items), float32, columns ascending.
    """
    native = solvers()
    n_items = len(pairs.item_starts) - 1
    neighbours = min(neighbours, n_items)

    def find(start: int) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        stop = min(start + size, n_items)
        items = np.empty((stop - start, neighbours), dtype=np.int32)
        values = np.empty(items.shape, dtype=np.float32)
        counts = np.empty(stop - start, dtype=np.int64)
        native.find_similar(
            items, values, counts, *pairs, similarity.user_weights, similarity.row_factors, similarity.column_factors,
            similarity.shrinkage, neighbours, start, stop,
        )  # fmt: skip
        there = np.arange(neighbours) < counts[:, None]
        return counts, items[there], values[there]

    size = max(1, min(_CELLS // neighbours, n_items // (8 * execution.num_threads)))
    found = []
    with ThreadPoolExecutor(execution.num_threads) as pool:
        for part in pool.map(find, range(0, n_items, size)):
            execution.advance(len(part[0]))
            found.append(part)
    counts, items, values = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
    return sp.csr_matrix((values, items, np.append(0, np.cumsum(counts))), shape=(n_items, n_items))
