"""Interactions and settings for the tests of the peers."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from recommender.execution import Execution
from recommender.files.item_weights import ItemWeights
from recommender.peers.ease import ease
from recommender.peers.item_knn import item_knn
from recommender.peers.rp3beta import rp3beta
from recommender.settings.peers import EaseSettings, IalsSettings, ItemKnnSettings, Rp3betaSettings

EASE = EaseSettings(l2=3.0, most_items=1000)
IALS = IalsSettings(no_components=5, epochs=2, unobserved_weight=0.2, l2=0.05, exponent=0.7, random_state=3)
KNN = ItemKnnSettings(neighbours=7, shrinkage=0.0, side="history")
RP3BETA = Rp3betaSettings(alpha=0.8, beta=0.4, neighbours=7)

Model = Callable[[sp.csr_matrix, Execution], ItemWeights]
MODELS: dict[str, Model] = {
    "ease": lambda train, execution: ease(train, EASE, execution),
    "item_knn": lambda train, execution: item_knn(train, KNN, execution),
    "item_knn, candidate": lambda train, execution: item_knn(
        train, ItemKnnSettings(neighbours=7, shrinkage=5.0, side="candidate"), execution
    ),
    "rp3beta": lambda train, execution: rp3beta(train, RP3BETA, execution),
}


def interactions(n_users: int, n_items: int, seed: int, share: float = 0.3) -> sp.csr_matrix:
    """Draw positives of any weight, and some known negatives."""
    rng = np.random.default_rng(seed)
    values = rng.choice([1, 2.5, 0.5, -0.5, -1], size=(n_users, n_items))
    drawn = np.where(rng.random((n_users, n_items)) < share, values, 0)
    return sp.csr_matrix(drawn.astype(np.float32))


def dense(model: ItemWeights) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    weights = model.weights
    return np.asarray(weights if isinstance(weights, np.ndarray) else weights.toarray(), dtype=np.float64)
