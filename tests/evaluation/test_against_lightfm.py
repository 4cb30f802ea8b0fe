"""LightFM's own evaluation agrees, where it is right."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from evaluation.cases import lightfm_of, nothing, random_task, untied
from lightfm import LightFM
from lightfm.evaluation import auc_score, precision_at_k, recall_at_k, reciprocal_rank
from numpy.typing import NDArray

from recommender.files.factors import Factors
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.ranking.factor_scorer import FactorScorer
from recommender.settings.split import SplitSettings
from recommender.splits.split_matrix import split_matrix

MOVIELENS = Path(__file__).parents[3] / "shared" / "data" / "ml-latest-small"


def theirs(model: LightFM, task: Task, k: int) -> dict[str, NDArray[np.float32]]:
    """Compute what both can, for each user with a test item."""
    both = {"test_interactions": task.test, "train_interactions": task.train, "num_threads": 2}
    return {
        f"precision@{k}": precision_at_k(model, k=k, **both),
        f"recall@{k}": recall_at_k(model, k=k, **both),
        "auc": auc_score(model, **both),
        "mrr": reciprocal_rank(model, **both),
    }


def agree(factors: FactorScorer, task: Task, k: int) -> None:
    found = measure(factors, task, [k]).per_user
    for name, expected in theirs(lightfm_of(factors), task, k).items():
        assert found[name] == pytest.approx(expected, abs=1e-6), name


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("k", [1, 5, 50])
def test_every_user_agrees_on_random_cases(seed: int, k: int) -> None:
    agree(untied(30, 40 + seed, 8, seed), random_task(30, 40 + seed, seed), k)


def test_lightfm_counts_ties_against_the_model_and_we_by_half_or_by_item() -> None:
    task = Task.make(nothing((2, 4)), sp.csr_matrix(np.array([[0, 1, 0, 0]] * 2, np.float32)))
    tied = FactorScorer(Factors(*(np.zeros(shape, dtype=np.float32) for shape in ((2, 2), (2,), (4, 2), (4,)))))
    found, expected = measure(tied, task, [2]).per_user, theirs(lightfm_of(tied), task, 2)
    assert (found["auc"][0], expected["auc"][0]) == (0.5, 0)
    assert (found["mrr"][0], expected["mrr"][0]) == (1 / 2, 1 / 4)
    assert (found["precision@2"][0], expected["precision@2"][0]) == (1 / 2, 0)


def test_the_exact_score_decides_where_a_sum_in_float32_loses_it() -> None:
    task = Task.make(nothing((1, 2)), sp.csr_matrix(np.array([[0, 1]], np.float32)))
    large = 2.0**24
    factors = FactorScorer(
        Factors(
            np.ones((1, 3), np.float32),
            np.zeros(1, np.float32),
            np.array([[0, 0, 0], [large, 1, -large]], np.float32),  # in float32, from the left: 0 and 0
            np.array([0.5, 0], np.float32),
        )
    )
    assert measure(factors, task, [1]).per_user["mrr"].tolist() == [1]


@pytest.mark.slow
@pytest.mark.skipif(not MOVIELENS.is_dir(), reason="ml-latest-small is not there")
@pytest.mark.parametrize("strategy", ["random", "leave_last", "time"])
def test_every_user_agrees_on_movielens(strategy: str) -> None:
    ratings = pd.read_csv(MOVIELENS / "ratings.csv")
    liked = ratings[ratings["rating"] >= 4]
    users, items = (pd.factorize(liked[name])[0] for name in ("userId", "movieId"))
    matrix = sp.coo_matrix((np.ones(len(liked), dtype=np.float32), (users, items)))
    settings = {"strategy": strategy, "test_fraction": 0.2, "last_n": 3, "cold_users": False, "seed": 0}
    parts = split_matrix(matrix, liked["timestamp"].to_numpy(np.int64), SplitSettings.model_validate(settings))
    task = Task.make(parts.train.tocsr(), parts.test.tocsr())
    n_users, n_items = task.train.shape
    for k in (1, 10, 100):
        agree(untied(n_users, n_items, 10, seed=k), task, k)

    model = LightFM(no_components=10, loss="warp", random_state=0).fit(parts.train, epochs=3)
    trained = FactorScorer(Factors(model.user_embeddings, model.user_biases, model.item_embeddings, model.item_biases))
    found = measure(trained, task, [10]).per_user
    for name, expected in theirs(model, task, 10).items():
        # Scores that are a rounding apart may swap places: rarely, and by one place.
        assert found[name].mean() == pytest.approx(expected.mean(dtype=np.float64), abs=1e-5), name
        assert (np.abs(found[name] - expected) > 1e-6).mean() < 0.02, name
