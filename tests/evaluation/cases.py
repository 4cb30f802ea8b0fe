"""Random tasks, and models whose scores float32 holds exactly and without ties, so that all who rank must agree."""

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.files.factors import Factors
from recommender.measuring.task import Task
from recommender.owned import positives
from recommender.peers.item_knn import item_knn
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.item_scorer import ItemScorer
from recommender.settings.peers import ItemKnnSettings


def random_task(n_users: int, n_items: int, seed: int) -> Task:
    """Draw a task in which some users have no test item, and some have no training item."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(4, size=(n_users, n_items), p=[0.7, 0.1, 0.15, 0.05])
    kinds[:: n_users // 3] = np.where(kinds[:: n_users // 3] == 1, 0, kinds[:: n_users // 3])
    kinds[1, 0] = 1
    train = (kinds == 2).astype(np.float32) - (kinds == 3)
    return Task.make(sp.csr_matrix(train.astype(np.float32)), sp.csr_matrix((kinds == 1).astype(np.float32)))


def neighbours(train: sp.csr_matrix) -> ItemScorer:
    """Make a scorer by the twenty nearest neighbours of each item."""
    found = item_knn(train, ItemKnnSettings(neighbours=20, shrinkage=0.0, side="history"))
    return ItemScorer(positives(train), found)


def untied(n_users: int, n_items: int, components: int, seed: int) -> FactorScorer:
    """Draw a model of up to 2**14 items and 10 components whose scores need at most 23 bits and are all distinct.

    Products of embeddings are multiples of 1/16, and biases are distinct multiples of 2**-18 below 1/16.
    """
    rng = np.random.default_rng(seed)
    users = rng.integers(-4, 5, size=(n_users, components)) / 4
    items = rng.integers(-4, 5, size=(n_items, components)) / 4
    biases = rng.permutation(n_items) * 2.0**-18
    return FactorScorer(
        Factors(
            users.astype(np.float32), np.zeros(n_users, np.float32), items.astype(np.float32), biases.astype(np.float32)
        )
    )


def lightfm_of(scorer: FactorScorer) -> LightFM:
    """Put a model's factors into a LightFM model, as if it had been fitted."""
    model = LightFM(no_components=scorer.factors.user_embeddings.shape[1])
    model.fit(nothing(scorer.shape).tocoo(), epochs=0)
    model.user_embeddings, model.user_biases = scorer.factors.user_embeddings, scorer.factors.user_biases
    model.item_embeddings, model.item_biases = scorer.factors.item_embeddings, scorer.factors.item_biases
    return model


def shuffled(scorer: FactorScorer, seed: int) -> FactorScorer:
    """Give users each other's embeddings: a model that knows nothing."""
    users = np.random.default_rng(seed).permutation(len(scorer.factors.user_biases))
    return FactorScorer(
        Factors(
            scorer.factors.user_embeddings[users],
            scorer.factors.user_biases[users],
            scorer.factors.item_embeddings,
            scorer.factors.item_biases,
        )
    )


def nothing(shape: tuple[int, int]) -> sp.csr_matrix:
    """Make a matrix without entries."""
    none = np.zeros(0, dtype=np.int32)
    return sp.csr_matrix((none.astype(np.float32), (none, none)), shape=shape)
