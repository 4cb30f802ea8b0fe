"""A model against baselines: what is compared, for whom, and how it is written."""

import numpy as np
import pytest
from evaluation.cases import neighbours, random_task, untied
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.baselines.most_popular import most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.evaluation.bootstrap import Interval
from recommender.evaluation.evaluate_models import Evaluation, evaluate_models
from recommender.evaluation.per_user import per_user_table
from recommender.evaluation.plot_tables import by_k, by_segment, differences, families, precision_and_coverage
from recommender.evaluation.popularity_shares import popularity_shares
from recommender.evaluation.report import report
from recommender.evaluation.segments import segments
from recommender.evaluation.verdict import Leads, verdict
from recommender.execution import Execution
from recommender.measuring.headline import headlines
from recommender.measuring.measure import measure
from recommender.metrics import AT_K, LISTS
from recommender.ranking.scorer import Scorer

TASK = random_task(80, 49, seed=2)
SCORERS: dict[str, Scorer] = {
    "model": untied(80, 49, 6, seed=2),
    "popularity": most_popular(TASK.train),
    "random": RandomOrder(TASK.train.shape, seed=3),
    "item_knn": neighbours(TASK.train),
}
BASELINES = ["popularity", "random", "item_knn"]


def evaluated(num_threads: int = 1) -> Evaluation:
    return evaluate_models(
        SCORERS,
        TASK,
        [5, 10],
        confidence=0.95,
        samples=300,
        seed=4,
        segment_bounds=[5, 8],
        execution=Execution(num_threads),
    )


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluated()


def test_threads_cannot_change_a_number(evaluation: Evaluation) -> None:
    other = evaluated(num_threads=2)
    assert other.means == evaluation.means
    assert other.differences == evaluation.differences
    assert other.segments == evaluation.segments


def test_all_are_measured_by_the_same_code_and_the_model_is_first(evaluation: Evaluation) -> None:
    assert list(evaluation.measured) == ["model", *BASELINES]
    for name, scorer in SCORERS.items():
        expected = measure(scorer, TASK, [5, 10])
        for metric, values in expected.per_user.items():
            assert evaluation.measured[name].per_user[metric].tobytes() == values.tobytes()
            found = evaluation.means[name][metric]
            assert found.mean == pytest.approx(values.mean(), abs=1e-12)
            assert found.low <= found.mean <= found.high


def test_differences_are_paired(evaluation: Evaluation) -> None:
    assert list(evaluation.differences) == BASELINES
    for baseline in BASELINES:
        for metric, found in evaluation.differences[baseline].items():
            ours, theirs = evaluation.means["model"][metric], evaluation.means[baseline][metric]
            assert found.mean == pytest.approx(ours.mean - theirs.mean, abs=1e-9)
            assert found.low <= found.mean <= found.high
    itself = evaluate_models(
        {"model": SCORERS["random"], "same": SCORERS["random"]}, TASK, [5], confidence=0.9, samples=100, seed=0
    )
    for nothing in itself.differences["same"].values():
        assert (nothing.mean, nothing.low, nothing.high) == (0, 0, 0)


def test_segments_are_the_users_by_their_training_positives(evaluation: Evaluation) -> None:
    assert sum(found.n_users for found in evaluation.segments.values()) == len(TASK.users)
    for name, members in segments(TASK.n_train, [5, 8]).items():
        values = evaluation.measured["model"].per_user["auc"][members]
        assert evaluation.segments[name].n_users == len(members)
        assert evaluation.segments[name].means["model"]["auc"].mean == pytest.approx(values.mean(), abs=1e-12)


def test_segments_are_named_by_their_bounds_and_empty_ones_left_out() -> None:
    n_train = np.array([0, 1, 5, 6, 21, 101, 2])
    found = {name: members.tolist() for name, members in segments(n_train, [0, 5, 20, 100]).items()}
    assert found == {"0": [0], "1-5": [1, 2, 6], "6-20": [3], "21-100": [4], "101+": [5]}
    assert list(segments(np.array([7, 900]), [5, 20])) == ["6-20", "21+"]
    assert list(segments(np.array([0, 3]), [])) == ["0+"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=1), st.lists(st.integers(0, 25), unique=True).map(sorted))
def test_everybody_is_in_one_segment(n_train: list[int], bounds: list[int]) -> None:
    found = segments(np.array(n_train), bounds)
    assert sorted(np.concatenate(list(found.values())).tolist()) == list(range(len(n_train)))


def test_the_shares_of_popularity_groups_are_what_is_counted() -> None:
    owners = np.array([1, 9, 5, 5, 0])
    table = popularity_shares(owners, {"model": np.array([0, 6, 1, 2, 1]), "test": np.array([1, 1, 1, 1, 0])}, groups=5)
    rows = table.to_pylist()
    assert [row["items"] for row in rows[:5]] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert [row["share"] for row in rows if row["model"] == "model"] == [0.6, 0.1, 0.2, 0, 0.1]
    assert [row["share"] for row in rows if row["model"] == "test"] == [0.25, 0.25, 0.25, 0.25, 0]


def test_shares_are_of_tenths_of_the_catalogue_unless_told_otherwise_and_of_equal_items_the_lower_come_first() -> None:
    owners, counts = np.arange(300) % 3, np.arange(300)
    table = popularity_shares(owners, {"model": counts})
    assert table["items"].to_pylist() == pytest.approx([0.1 * group for group in range(1, 11)], abs=1e-15)
    ranked = sorted(range(300), key=lambda item: (-owners[item], item))
    expected = [round(sum(ranked[30 * group : 30 * group + 30]) / int(counts.sum()), 6) for group in range(10)]
    assert table["share"].to_pylist() == expected


def test_progress_counts_the_users_of_each_scorer() -> None:
    advanced: list[int] = []
    evaluate_models(
        SCORERS, TASK, [5], confidence=0.9, samples=100, seed=0, execution=Execution(advance=advanced.append)
    )
    assert sum(advanced) == len(SCORERS) * len(TASK.users)


@pytest.fixture(scope="module")
def leads(evaluation: Evaluation) -> Leads:
    return Leads.make(evaluation, "ndcg@5", confidence=0.95, samples=300, seed=4)


def test_the_report_is_a_handful_of_numbers_nested_by_model(evaluation: Evaluation, leads: Leads) -> None:
    found = report(evaluation, 5, "ease", verdict(leads, "ease"))
    assert list(found) == ["users", "family", "model", *BASELINES, "model_minus", "verdict"]
    assert found["family"] == "ease"
    assert list(found["verdict"]) == ["kind", "best", "over", "lead", "confidence"]
    assert found["users"] == len(TASK.users)
    assert list(found["model"])[:4] == headlines(5)
    assert {"coverage@5", "gini@5", "novelty@5", "popularity@5", "mrr"} <= found["model"].keys()
    assert not [metric for metric in found["model"] if metric.endswith("@10")]
    for baseline in BASELINES:
        assert list(found[baseline]) == headlines(5)
        assert found["model_minus"][baseline].keys() == {"ndcg@5"}
        assert found["model_minus"][baseline]["ndcg@5"].keys() == {"mean", "low", "high"}
    assert found["model"]["auc"] == round(evaluation.means["model"]["auc"].mean, 6)


def test_the_report_and_the_tables_give_what_was_measured_to_six_decimals(evaluation: Evaluation, leads: Leads) -> None:
    found_best = verdict(leads, "ease")
    numbers = report(evaluation, 5, "ease", found_best)
    assert numbers["verdict"]["lead"] == {"ndcg@5": written(found_best.lead)}
    for metric, value in numbers["model"].items():
        overall = evaluation.measured["model"].overall
        assert value == round(overall[metric] if metric in overall else evaluation.means["model"][metric].mean, 6)
    for name in BASELINES:
        assert numbers[name] == {metric: round(evaluation.means[name][metric].mean, 6) for metric in headlines(5)}
        assert numbers["model_minus"][name]["ndcg@5"] == written(evaluation.differences[name]["ndcg@5"])
    for row in by_k(evaluation).to_pylist():
        found = written(evaluation.means[row["model"]][f"{row['metric']}@{row['k']}"])
        assert {name: row[name] for name in ("mean", "low", "high")} == found
    for row in differences(evaluation).to_pylist():
        found = written(evaluation.differences[row["baseline"]][row["metric"]])
        assert {name: row[name] for name in ("mean", "low", "high")} == found
    for row in by_segment(evaluation, 5).to_pylist():
        assert row["metric"] in headlines(5)
        segment = evaluation.segments[row["segment"]]
        assert row["users"] == segment.n_users
        found = written(segment.means[row["model"]][row["metric"]])
        assert {name: row[name] for name in ("mean", "low", "high")} == found
    for row in precision_and_coverage(evaluation).to_pylist():
        assert row["precision"] == round(evaluation.means[row["model"]][f"precision@{row['k']}"].mean, 6)
        assert row["coverage"] == round(evaluation.measured[row["model"]].overall[f"coverage@{row['k']}"], 6)


def written(interval: Interval) -> dict[str, float]:
    return {"mean": round(interval.mean, 6), "low": round(interval.low, 6), "high": round(interval.high, 6)}


def test_the_table_of_families_has_a_row_for_each_with_its_lead_over_the_model(
    evaluation: Evaluation, leads: Leads
) -> None:
    rows = families(evaluation, leads, "ease").to_pylist()
    assert [(row["model"], row["family"]) for row in rows] == [("model", "ease"), *((name, name) for name in BASELINES)]
    for row in rows:
        assert row["metric"] == "ndcg@5"
        mean, lead = evaluation.means[row["model"]]["ndcg@5"], leads.interval(row["model"], "model")
        assert {name: row[name] for name in ("mean", "low", "high")} == written(mean)
        assert {name: row[f"lead_{name}"] for name in ("mean", "low", "high")} == written(lead)


def test_the_lengths_of_list_of_a_metric_stand_together(evaluation: Evaluation) -> None:
    rows = [(row["metric"], row["k"]) for row in by_k(evaluation).to_pylist()]
    assert rows == sorted(rows)
    assert set(rows) == {(name, k) for name in [*AT_K, *LISTS] for k in (5, 10)}


def test_the_tables_hold_everything_once(evaluation: Evaluation) -> None:
    metrics = list(evaluation.means["model"])
    listed = [metric for metric in metrics if "@" in metric]
    assert by_k(evaluation).num_rows == 4 * len(listed)
    assert by_k(evaluation).column_names == ["model", "metric", "k", "mean", "low", "high"]
    assert differences(evaluation).num_rows == 3 * len(metrics)
    assert by_segment(evaluation, 5).num_rows == len(evaluation.segments) * 4 * 4
    assert precision_and_coverage(evaluation).num_rows == 4 * 2


def test_the_table_of_users_has_a_row_for_each_model_and_user(evaluation: Evaluation) -> None:
    ids = [f"user-{user}" for user in TASK.users]
    table = per_user_table(evaluation, ids)
    assert table.num_rows == 4 * len(ids)
    assert table["user_id"].to_pylist() == ids * 4
    expected = evaluation.measured["random"].per_user["auc"].astype(np.float32)
    assert table["auc"].to_numpy()[2 * len(ids) : 3 * len(ids)].tobytes() == expected.tobytes()
