"""The pipeline, which runs the same split by `split.strategy: given`, has the same figures."""

import csv
from pathlib import Path

import numpy as np
import pytest
from projects import Project
from published_tables.split import EASE, METRICS, RP3BETA, RUNS, drawn, figures


def put(project: Project) -> None:
    """Replace the sample by the split."""
    parts = dict(zip(("train", "test"), drawn(), strict=True))
    pairs = [
        (f"u{user:02}", f"p{item:02}", part)
        for part, matrix in parts.items()
        for user, item in zip(*(side.tolist() for side in np.nonzero(matrix)), strict=True)
    ]
    tables: dict[str, list[tuple[str, ...]]] = {
        "users": [("user_id",), *((f"u{user:02}",) for user in range(60))],
        "programs": [("program_id", "name"), *((f"p{item:02}", f"Program {item}") for item in range(25))],
        "interactions": [("user_id", "program_id", "part"), *pairs],
    }
    for name, rows in tables.items():
        with project.path(f"data/raw/{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
    for old, new in {
        "interaction: interaction": "interaction: null",
        "timestamp: timestamp": "timestamp: null",
        "split: null": "split: part",
        "strategy: random": "strategy: given",
        "ks: [10, 5, 20]": "ks: [3]",
        "more_metrics: []": "more_metrics: [capped_recall]",
        "alpha: 0.6\n    beta: 0.4\n    neighbours: 200": "\n    ".join(f"{key}: {RP3BETA[key]}" for key in RP3BETA),
        "l2: 200.0": f"l2: {EASE['l2']}",
    }.items():
        project.replace("params.yaml", old, new)


@pytest.mark.slow
def test_the_pipeline_has_the_figures_of_the_given_split(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    put(project)
    project.repro("evaluate")
    with project.path("metrics/plots/by_k.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    found = {(row["model"], f"{row['metric']}@{row['k']}"): float(row["mean"]) for row in rows}
    for name in ("TopPop", "RP3beta", "EASE"):
        by, _, scores = RUNS[name]
        assert [found[by, metric] for metric in METRICS] == pytest.approx(list(figures(scores()).values()), abs=1e-6)
