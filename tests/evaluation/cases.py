"""Random tasks, and models whose scores float32 holds exactly and without ties, so that all who rank must agree."""

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.evaluation.measure import Task
from recommender.ranking.factors import Factors


def random_task(n_users: int, n_items: int, seed: int) -> Task:
    """Draw a task in which some users have no test item, and some have no training item."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(4, size=(n_users, n_items), p=[0.7, 0.1, 0.15, 0.05])
    kinds[:: n_users // 3] = np.where(kinds[:: n_users // 3] == 1, 0, kinds[:: n_users // 3])
    kinds[1, 0] = 1
    train = (kinds == 2).astype(np.float32) - (kinds == 3)
    return Task.make(sp.csr_matrix(train.astype(np.float32)), sp.csr_matrix((kinds == 1).astype(np.float32)))


def untied(n_users: int, n_items: int, components: int, seed: int) -> Factors:
    """Draw a model of up to 2**14 items and 10 components whose scores need at most 23 bits and are all distinct.

    Products of embeddings are multiples of 1/16, and biases are distinct multiples of 2**-18 below 1/16.
    """
    rng = np.random.default_rng(seed)
    users = rng.integers(-4, 5, size=(n_users, components)) / 4
    items = rng.integers(-4, 5, size=(n_items, components)) / 4
    biases = rng.permutation(n_items) * 2.0**-18
    return Factors(
        users.astype(np.float32), np.zeros(n_users, np.float32), items.astype(np.float32), biases.astype(np.float32)
    )


def lightfm_of(factors: Factors) -> LightFM:
    """Put factors into a LightFM model, as if it had been fitted."""
    model = LightFM(no_components=factors.user_embeddings.shape[1])
    model.fit(nothing(factors.shape).tocoo(), epochs=0)
    model.user_embeddings, model.user_biases = factors.user_embeddings, factors.user_biases
    model.item_embeddings, model.item_biases = factors.item_embeddings, factors.item_biases
    return model


def shuffled(factors: Factors, seed: int) -> Factors:
    """Give users each other's embeddings: a model that knows nothing."""
    users = np.random.default_rng(seed).permutation(len(factors.user_biases))
    return Factors(
        factors.user_embeddings[users], factors.user_biases[users], factors.item_embeddings, factors.item_biases
    )


def nothing(shape: tuple[int, int]) -> sp.csr_matrix:
    """Make a matrix without entries."""
    none = np.zeros(0, dtype=np.int32)
    return sp.csr_matrix((none.astype(np.float32), (none, none)), shape=shape)
