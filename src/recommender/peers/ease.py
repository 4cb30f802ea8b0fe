"""EASE: the linear model of items on items that best gives back what users have, in closed form."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.execution import SEQUENTIAL, Execution
from recommender.files.item_weights import ItemWeights, quantise
from recommender.owned import positives
from recommender.peers.inverse import TILE, Sweep, count_common, invert, number
from recommender.peers.pairs import Pairs
from recommender.settings.peers import EaseSettings

Floats = NDArray[np.float32]


def ease(
    train: sp.csr_matrix,
    settings: EaseSettings,
    execution: Execution = SEQUENTIAL,
    instruction_set: str | None = None,
) -> ItemWeights:
    """Solve for the weights of items on items, none on itself, that have the least squared error and penalty.

    With X the positives, the weights are B = I - P / diag(P), column by column, where P is the inverse of X'X + l2 I.

    Parameters
    ----------
    train
        Shape (n_users, n_items); entries above 0 count, each as 1.
    settings
        The penalty, and how many items the model is about, at most: the most popular, of equally popular the lower
        ones. For m items it takes 8 bytes times m squared of memory (3.2 GB for 20,000), half of which is the result,
        and m cubed operations.
    execution
        How it is computed. Progress counts the items that the model is about.
    instruction_set
        One of those that the CPU has; None: the best. It changes the speed alone.

    Raises
    ------
    RecommenderError
        There is not enough memory, or the penalty is too small for float64 to solve it.

    Notes
    -----
    Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019.
    """
    owned = positives(train)
    popularity = np.bincount(owned.indices, minlength=train.shape[1])
    items = np.sort(np.argsort(-popularity, kind="stable")[: settings.most_items])
    pairs = Pairs.of(owned[:, items])
    try:
        weights = np.empty((len(items), len(items)), dtype=np.float32)
        sweep = Sweep.of(len(items))
    except MemoryError:
        raise RecommenderError(
            f"there is not enough memory for EASE with {len(items)} programs, which takes "
            f"{8 * len(items) ** 2 / 1e9:,.1f} GB; lower peers.ease.most_items, which is {settings.most_items}"
        ) from None
    left = len(items)

    def advance() -> None:
        nonlocal left
        execution.advance(min(left, TILE))
        left -= TILE

    with ThreadPoolExecutor(execution.num_threads) as pool:
        count_common(sweep, pairs, settings.l2, pool)
        try:
            invert(sweep, pool, advance, instruction_set)
        except RecommenderError:
            raise RecommenderError(
                f"EASE cannot be solved with so small a penalty; raise peers.ease.l2, which is {settings.l2}"
            ) from None
        _fill(weights, sweep, pool)
    quantise(weights, train.shape[1])
    return ItemWeights(weights, items.astype(np.int32), train.shape[1])


def _fill(weights: Floats, sweep: Sweep, pool: ThreadPoolExecutor) -> None:
    """Divide the columns of the inverse by its diagonal."""
    rows = range(len(sweep.columns))
    places = [slice(row * TILE, min((row + 1) * TILE, len(weights))) for row in rows]
    diagonal = [
        -sweep.tiles[number(row, row)].diagonal()[: place.stop - place.start] for row, place in enumerate(places)
    ]

    def fill(row: int) -> None:
        for column in range(row + 1):
            tile = sweep.tiles[number(row, column), : len(diagonal[row]), : len(diagonal[column])]
            if row == column:
                tile = np.tril(tile, -1)
                tile += tile.T  # the upper triangle of such a tile differs in its last bits
            weights[places[row], places[column]] = tile / diagonal[column]
            weights[places[column], places[row]] = tile.T / diagonal[row]

    for _ in pool.map(fill, rows):
        pass
