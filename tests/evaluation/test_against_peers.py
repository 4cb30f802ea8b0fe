"""scikit-learn agrees: NDCG and AUC."""

import numpy as np
import pytest
from evaluation.cases import random_task, untied
from sklearn.metrics import ndcg_score, roc_auc_score

from recommender.baselines.most_popular import most_popular
from recommender.measuring.measure import measure


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("k", [1, 5, 60])
def test_ndcg_is_scikit_learns(seed: int, k: int) -> None:
    task, model = random_task(30, 40, seed), untied(30, 40, 8, seed)
    scores, _ = model.block(task.users, precise=True)
    found = measure(model, task, [k]).per_user[f"ndcg@{k}"]
    for row, user in enumerate(task.users):
        free = task.train[user].toarray()[0] == 0
        wanted = task.test[user].toarray()[:, free]
        assert found[row] == pytest.approx(ndcg_score(wanted, scores[row : row + 1, free], k=k), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_auc_is_scikit_learns_with_ties(seed: int) -> None:
    task = random_task(30, 40, seed)
    model = most_popular(task.train)
    scores = model.scores(task.users)
    assert any(len(np.unique(row)) < len(row) for row in scores)
    found = measure(model, task, [1]).per_user["auc"]
    for row, user in enumerate(task.users):
        free = task.train[user].toarray()[0] == 0
        wanted = task.test[user].toarray()[0, free]
        assert found[row] == pytest.approx(roc_auc_score(wanted, scores[row, free]), abs=1e-9)
