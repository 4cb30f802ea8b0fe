"""DVC's own commands give what a DVC user expects of a pipeline."""

import csv
import json
from pathlib import Path

import pytest
from projects import Project

from recommender.metrics import AT_K, LISTS
from recommender.settings.peers import PEERS

PLOTS = {
    "Families, and their leads over the model",
    "Metrics of lists by length, with intervals",
    "Metrics by how much users have interacted, with intervals",
    "Precision against coverage",
    "What is recommended and what is consumed",
    "Learning curve",
}
SEARCH_PLOTS = {
    "Search: score by trial, and the best so far",
    "Search: score by setting",
    "Search: importance of settings",
}


def rows(project: Project, table: str) -> list[dict[str, str]]:
    with project.path(f"metrics/plots/{table}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_metrics_are_a_table_that_a_person_reads(reproduced: Project) -> None:
    shown = json.loads(reproduced.dvc("metrics", "show", "--json").stdout)[""]["data"]
    ranking = shown["metrics/ranking.json"]["data"]
    assert list(ranking) == ["users", "family", "model", *PEERS, "popularity", "random", "model_minus", "verdict"]
    assert ranking["family"] == "lightfm"
    assert list(ranking["model"])[:4] == ["ndcg@10", "precision@10", "recall@10", "auc"]
    numbers = sum(len(values) if isinstance(values, dict) else 1 for values in ranking.values())
    assert numbers < 70
    assert ranking["model"]["ndcg@10"] > ranking["popularity"]["ndcg@10"] > ranking["random"]["ndcg@10"]


def test_an_experiment_is_compared_with_what_was(project: Project) -> None:
    project.dvc("exp", "run", "--quiet", "-n", "short", "-S", "train.epochs=2")
    assert json.loads(project.dvc("params", "diff", "--json").stdout) == {
        "params.yaml": {"train.epochs": {"old": 20, "new": 2, "diff": -18}}
    }
    changed = json.loads(project.dvc("metrics", "diff", "--json").stdout)["metrics/ranking.json"]
    assert changed["model.ndcg@10"]["diff"] < 0
    assert "popularity.ndcg@10" not in changed
    assert changed["verdict.lead.ndcg@10.mean"]["diff"] > 0
    assert changed["verdict.kind"] == {"old": "tied", "new": "behind"}
    assert "short" in project.dvc("exp", "show", "--csv").stdout
    assert "up to date" in project.dvc("status").stdout


def test_plots_overlay_two_revisions(project: Project, tmp_path: Path) -> None:
    project.replace("params.yaml", "bootstrap_samples: 1000", "bootstrap_samples: 100")
    project.dvc("repro")
    shown = json.loads(project.dvc("plots", "diff", "HEAD", "--json", "-o", str(tmp_path)).stdout)
    assert set(shown["data"]) == PLOTS | SEARCH_PLOTS
    assert not shown.get("errors")
    for plot in PLOTS:
        (drawn,) = shown["data"][plot]
        assert set(drawn["revisions"]) == {"HEAD", "workspace"}
        content = json.dumps(drawn["content"]) + json.dumps(drawn.get("anchor_definitions", {}))
        assert '"revision"' in content, "the legend tells revisions apart"
    assert not any(shown["data"][plot] for plot in SEARCH_PLOTS), "nothing was searched"


def test_plots_show_what_a_search_has_found(project: Project, tmp_path: Path) -> None:
    project.replace("params.yaml", "trials: 0", "trials: 4")
    project.replace("params.yaml", "families: [lightfm, history, ease, ials, item_knn, rp3beta]", "families: [ease]")
    project.dvc("repro", "search")
    shown = json.loads(project.dvc("plots", "show", "--json", "-o", str(tmp_path)).stdout)
    assert not shown.get("errors")
    for plot in SEARCH_PLOTS:
        (drawn,) = shown["data"][plot]
        content = json.dumps(drawn["content"]) + json.dumps(drawn.get("anchor_definitions", {}))
        assert "ease" in content
        assert "l2" in content


def test_the_graph_leads_from_the_raw_files_to_the_recommendations(reproduced: Project) -> None:
    drawn = reproduced.dvc("dag", "--dot").stdout
    for edge in (("validate", "matrix"), ("matrix", "train"), ("backtest", "evaluate"), ("train", "recommend")):
        assert f'"{edge[0]}" -> "{edge[1]}"' in drawn


def test_the_tables_hold_every_model_metric_and_interval(reproduced: Project) -> None:
    by_k = rows(reproduced, "by_k")
    models = {"model", *PEERS, "popularity", "random"}
    assert {(row["model"], row["metric"], row["k"]) for row in by_k} == {
        (model, metric, k) for model in models for metric in (*AT_K, *LISTS) for k in ("5", "10", "20")
    }
    for row in by_k + rows(reproduced, "by_segment") + rows(reproduced, "differences") + rows(reproduced, "families"):
        assert float(row["low"]) <= float(row["mean"]) <= float(row["high"])
    assert [row["family"] for row in rows(reproduced, "families")] == ["lightfm", *PEERS, "popularity", "random"]
    assert {row["baseline"] for row in rows(reproduced, "differences")} == models - {"model"}
    shares = rows(reproduced, "popularity_shares")
    for name in models | {"consumed"}:
        assert sum(float(row["share"]) for row in shares if row["model"] == name) == pytest.approx(1, abs=1e-4)


def test_the_learning_curve_costs_what_its_params_say(project: Project) -> None:
    whole = rows(project, "learning_curve")
    assert {int(row["epoch"]) for row in whole} == set(range(1, 21))
    project.replace("params.yaml", "every: 1 ", "every: 8 ")
    project.dvc("repro", "learning_curve")
    sparse = rows(project, "learning_curve")
    assert sparse == [row for row in whole if row["epoch"] in {"8", "16", "20"}]
    project.replace("params.yaml", "every: 8 ", "every: 0 ")
    project.dvc("repro", "learning_curve")
    assert rows(project, "learning_curve") == []
