"""Algorithms as others define them, where a published number is of such a one: to tell a definition from a mistake.

They are measured as ours are, and are no part of the product.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import Execution
from recommender.files.item_weights import ItemWeights, quantise
from recommender.peers.pairs import Pairs
from recommender.peers.similar import Similarity, most_similar
from recommender.powers import powers
from recommender.settings.base import Settings
from recommender.settings.peers import ItemKnnSettings, Rp3betaSettings


class BothSidesSettings(Rp3betaSettings):
    """RP3beta whose weights are cut on both sides."""

    normalise: bool
    """Whether the weights of each item that a user has are divided by their sum."""


def rp3beta_both_sides(train: sp.csr_matrix, settings: BothSidesSettings, execution: Execution) -> ItemWeights:
    """Weigh walks as RP3beta does, and keep the largest weights of each row, and then of each column of these.

    So `RP3betaRecommender` and `P3alphaRecommender` (without beta) of the evaluation framework of Ferrari Dacrema et
    al. (RecSys 2019) have it, and Elliot after them.
    """
    pairs = Pairs.of(train)
    of_users, of_items = (np.maximum(1, counts) for counts in (pairs.items_of_users, pairs.users_of_items))
    walks = Similarity(
        powers(of_users, -settings.alpha), powers(of_items, settings.alpha), powers(of_items, settings.beta)
    )
    weights = most_similar(pairs, walks, settings.neighbours, execution)
    if settings.normalise:
        sums = np.asarray(weights.sum(axis=1, dtype=np.float64)).ravel()
        weights.data = (weights.data / np.repeat(np.maximum(sums, 1e-300), np.diff(weights.indptr))).astype(np.float32)
    return _of(_largest_of_rows(weights.T.tocsr(), settings.neighbours).T.tocsr())


def item_knn_by_rarity(train: sp.csr_matrix, settings: ItemKnnSettings, execution: Execution) -> ItemWeights:
    """Compare items by their users, of whom those with few items tell more.

    A user of n items counts log(n_items / (1 + n)). So `ItemKNNCFRecommender` of the same framework has it by TF-IDF,
    where users are the terms. It weighs what a user has, too: by the same factor, which changes no order.
    """
    pairs = Pairs.of(train)
    squares = np.log(train.shape[1] / (1 + pairs.items_of_users)) ** 2
    lengths = np.sqrt(np.maximum(1e-12, squares @ (train > 0)))
    cosine = Similarity(squares, lengths, lengths, settings.shrinkage)
    similar = most_similar(pairs, cosine, settings.neighbours, execution)
    return _of(similar if settings.side == "history" else similar.T.tocsr())


Definition = Callable[[sp.csr_matrix, Any, Execution], ItemWeights]

DEFINITIONS: dict[str, tuple[type[Settings], Definition]] = {
    "rp3beta_both_sides": (BothSidesSettings, rp3beta_both_sides),
    "item_knn_by_rarity": (ItemKnnSettings, item_knn_by_rarity),
}
"""The settings of each, and what they are the settings of."""


def _largest_of_rows(matrix: sp.csr_matrix, k: int) -> sp.csr_matrix:
    """Keep the k largest of each row, of equal ones the first."""
    counts = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(matrix.shape[0]), counts)
    order = np.lexsort((-matrix.data, rows))
    place: NDArray[np.int64] = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], counts)
    kept = order[place < k]
    return sp.csr_matrix((matrix.data[kept], (rows[kept], matrix.indices[kept])), shape=matrix.shape)


def _of(weights: sp.csr_matrix) -> ItemWeights:
    weights.sort_indices()
    quantise(weights.data, weights.shape[0])
    weights.eliminate_zeros()
    return ItemWeights.sparse(weights)
