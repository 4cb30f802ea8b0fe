"""An edit of the sources reruns the stages that use them, and no training that it cannot change."""

import json

from projects import Project

FAMILIES = {"search", "peers", "learning_curve", "train"}
TRAINING = FAMILIES | {"backtest"}
MEASURING = {"search", "evaluate", "learning_curve"}
EVERY = {"params", "validate", "matrix", "split", "recommend", "report"} | TRAINING | MEASURING
STAGES_OF = {
    "settings/base.py": {"params"},
    "errors.py": {"params"},
    "text.py": {"params"},
    "cleaning/records.py": {"validate"},
    "matrix/feature_matrix.py": {"matrix"},
    "splits/temporal_split.py": {"split", "search", "learning_curve"},
    "training/core/trainer.py": TRAINING,
    "peers/ease.py": FAMILIES,
    "families/fit_family.py": FAMILIES,
    "search/halving.py": {"search"},
    "ranking/top_k.py": MEASURING | {"recommend"},
    "metrics/ndcg.py": MEASURING,
    "measuring/measure.py": MEASURING,
    "baselines/most_popular.py": {"evaluate"},
    "evaluation/bootstrap.py": {"evaluate"},
    "files/arrays.py": EVERY,
    "pipeline/stage.py": EVERY,
    "pipeline/chosen.py": EVERY,
    "reporting/page.py": {"report"},
    "reporting/page.html.jinja": {"report"},
    "execution.py": EVERY,
    **{f"stages/{stage}.py": {stage} for stage in EVERY},
    **{
        f"{name}.py": set()
        for name in (
            "cli/info",
            "git",
            "importing/plan",
            "project",
            "provenance/origin",
            "releases/checks",
            "sample/write",
            "serving/lock",
        )
    },
}


def test_an_edited_source_reruns_the_stages_that_use_it(project: Project) -> None:
    for path in STAGES_OF:
        with project.path(f"src/recommender/{path}").open("a", encoding="utf-8") as stream:
            stream.write("# a comment\n")
    status = json.loads(project.dvc("status", "--json").stdout)
    changed = {
        stage: {path for entry in entries for path in entry["changed deps"]} for stage, entries in status.items()
    }
    for path, stages in STAGES_OF.items():
        declared = {f"src/recommender/{path}", f"src/recommender/{path.partition('/')[0]}"}
        assert {stage for stage, deps in changed.items() if deps & declared} == stages, path
