"""Metrics of other protocols are there when they are named, beside all others, and are not when not."""

from typing import Any

import pytest
from evaluation.cases import random_task, untied

from recommender.baselines.most_popular import most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.errors import RecommenderError
from recommender.evaluation.evaluate_models import Evaluation, evaluate_models
from recommender.evaluation.per_user import per_user_table
from recommender.evaluation.plot_tables import by_k, by_segment, differences, precision_and_coverage
from recommender.evaluation.report import report
from recommender.evaluation.verdict import Leads, verdict
from recommender.metrics import MORE_AT_K
from recommender.ranking.scorer import Scorer
from recommender.settings.evaluate import EvaluateSettings

TASK = random_task(80, 49, seed=2)
KS = [5, 10]
SETTINGS: dict[str, Any] = {
    "ks": KS, "confidence": 0.95, "bootstrap_samples": 100, "seed": 0, "segments": [8],
}  # fmt: skip


def evaluated(*more: str) -> Evaluation:
    scorers: dict[str, Scorer] = {"model": untied(80, 49, 6, seed=2), "popularity": most_popular(TASK.train)}
    scorers["random"] = RandomOrder(TASK.train.shape, seed=3)
    return evaluate_models(
        scorers, TASK, KS, confidence=0.95, samples=100, seed=0, segment_bounds=[8], more_metrics=more
    )


def written(evaluation: Evaluation) -> list[Any]:
    leads = Leads.make(evaluation, "ndcg@5", confidence=0.95, samples=100, seed=0)
    tables = [by_k(evaluation), differences(evaluation), by_segment(evaluation, 5), precision_and_coverage(evaluation)]
    tables.append(per_user_table(evaluation, [f"u_{user}" for user in TASK.users]))
    return [report(evaluation, 5, "lightfm", verdict(leads, "lightfm")), *(table.to_pydict() for table in tables)]


def test_what_is_named_is_in_the_model_s_numbers_and_the_tables_beside_all_others() -> None:
    numbers, rows, leads, *_, users = written(evaluated("capped_recall"))
    assert set(zip(rows["model"], rows["metric"], rows["k"], strict=True)) >= {
        (model, "capped_recall", k) for model in ("model", "popularity", "random") for k in KS
    }
    assert {"capped_recall@5", "capped_recall@10"} <= set(leads["metric"]) & set(users)
    assert numbers["model"]["recall@5"] < numbers["model"]["capped_recall@5"] < 1


def test_it_changes_nothing_else() -> None:
    plain, more = (written(evaluated(*named)) for named in ((), tuple(MORE_AT_K)))
    assert "capped_recall" not in str(plain)
    numbers = more[0]
    numbers["model"] = {name: value for name, value in numbers["model"].items() if "capped" not in name}
    assert numbers == plain[0]
    assert list(numbers["model"]) == list(plain[0]["model"])
    for table, before in zip(more[1:], plain[1:], strict=True):
        kept = range(len(table["metric"])) if "metric" in table else []
        kept = [row for row in kept if "capped" not in table["metric"][row]]
        for name, values in before.items():
            assert ([table[name][row] for row in kept] if "metric" in table else table[name]) == values


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (["recall_capped"], "evaluate.more_metrics.0 is 'recall_capped': it must be 'capped_recall'"),
        (["capped_recall"] * 2, "it must name each metric once"),
        ("capped_recall", "evaluate.more_metrics is 'capped_recall': it must be a valid list"),
    ],
)
def test_what_is_no_such_metric_is_refused_in_one_line(named: Any, message: str) -> None:
    with pytest.raises(RecommenderError) as error:
        EvaluateSettings.parse(SETTINGS | {"more_metrics": named}, "evaluate")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
