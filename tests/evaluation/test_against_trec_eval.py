"""trec_eval, the reference of information retrieval, agrees on the metrics of lists."""

import numpy as np
import pytest
import pytrec_eval
from evaluation.cases import random_task, untied

from recommender.measuring.measure import measure

K = 5


@pytest.mark.parametrize("seed", range(8))
def test_every_user_agrees(seed: int) -> None:
    task, model = random_task(30, 40, seed), untied(30, 40, 8, seed)
    found = measure(model, task, [K]).per_user
    scores, _ = model.block(task.users, precise=True)
    wanted, run = {}, {}
    for row, user in enumerate(task.users):
        free = np.flatnonzero(task.train[user].toarray()[0] == 0)
        wanted[str(user)] = {str(item): 1 for item in task.test[user].indices}
        run[str(user)] = {str(item): float(scores[row, item]) for item in free}
    names = {f"P_{K}", f"recall_{K}", f"success_{K}", f"map_cut_{K}", f"ndcg_cut_{K}", "recip_rank"}
    by_user = pytrec_eval.RelevanceEvaluator(wanted, names).evaluate(run)
    theirs = {name: np.array([by_user[str(user)][name] for user in task.users]) for name in names}
    n_tests = np.diff(task.starts)
    first = theirs["recip_rank"]
    expected = {
        f"precision@{K}": theirs[f"P_{K}"],
        f"recall@{K}": theirs[f"recall_{K}"],
        f"hit_rate@{K}": theirs[f"success_{K}"],
        # trec_eval divides by all test items, also by more than the list can hold.
        f"map@{K}": theirs[f"map_cut_{K}"] * n_tests / np.minimum(K, n_tests),
        f"ndcg@{K}": theirs[f"ndcg_cut_{K}"],
        f"mrr@{K}": np.where(first >= 1 / K - 1e-9, first, 0),
        "mrr": first,
    }
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, abs=1e-6), name
