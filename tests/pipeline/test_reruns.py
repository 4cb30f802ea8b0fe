"""Only what changed runs again: for each change, exactly the stages that run."""

import csv
import os
import re
from collections.abc import Callable

import pytest
import yaml
from projects import CHECKOUT, Project

FROM_SPLIT = ["search", "backtest", "peers", "learning_curve", "evaluate"]
FROM_MATRIX = ["matrix", "split", *FROM_SPLIT, "train", "recommend", "report"]


def one_more_interaction(project: Project) -> None:
    path = project.path("data/raw/interactions.csv")
    with path.open(newline="", encoding="utf-8") as stream:
        first, *_ = rows = list(csv.DictReader(stream))
    taken = {row["program_id"] for row in rows if row["user_id"] == first["user_id"]}
    new = next(row["program_id"] for row in rows if row["program_id"] not in taken)
    with path.open("a", newline="", encoding="utf-8") as stream:
        csv.DictWriter(stream, list(first), lineterminator="\n").writerow({**first, "program_id": new})


def rename_a_program(project: Project) -> None:
    project.replace("data/raw/programs.csv", "p_0,", "p_0,Renamed ")


def change_a_column_nobody_uses(project: Project) -> None:
    path = project.path("data/raw/users.csv")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},shoe_size", *(f"{row},42" for row in rows), ""]), encoding="utf-8")


def in_params(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.replace("params.yaml", old, new)


def touch(project: Project) -> None:
    for name in ("data/raw/interactions.csv", "params.yaml", "src/recommender/stages/train.py"):
        os.utime(project.path(name), (1, 1))


def edit_tests_and_docs(project: Project) -> None:
    for name in ("README.md", "tests/conftest.py"):
        with project.path(name).open("a", encoding="utf-8") as stream:
            stream.write("\n# edited\n")


def other_build_of(package: str, lock: str) -> Callable[[Project], None]:
    """Lock other bytes of a package in the same version, so that what is installed still fits the lock."""

    def change(project: Project) -> None:
        path = project.path(lock)
        text = path.read_text(encoding="utf-8")
        changed = re.sub(rf"(^{package}==.*\n    --hash=sha256:)\w{{8}}", r"\g<1>00000000", text, flags=re.MULTILINE)
        assert changed != text
        path.write_text(changed, encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "stages"),
    [
        pytest.param(rename_a_program, ["validate", "report"], id="a renamed program"),
        pytest.param(change_a_column_nobody_uses, ["validate"], id="a column nobody uses"),
        pytest.param(
            in_params("unknown_ids: error", "unknown_ids: drop"), ["params", "validate", "matrix", "report"], id="data"
        ),
        pytest.param(
            in_params("positive_threshold: 1", "positive_threshold: 0.9"),
            ["params", "validate", "matrix", "report"],
            id="data, what is positive",
        ),
        pytest.param(
            in_params("normalize: true", "normalize: false"), ["params", "validate", "matrix", "report"], id="features"
        ),
        pytest.param(
            in_params("test_fraction: 0.2", "test_fraction: 0.3"),
            ["params", "split", *FROM_SPLIT, "report"],
            id="split",
        ),
        pytest.param(
            in_params("no_components: 10", "no_components: 8"),
            ["params", "search", "backtest", "learning_curve", "evaluate", "train", "recommend", "report"],
            id="train",
        ),
        pytest.param(
            in_params("family: lightfm", "family: ease"),
            ["params", "search", "backtest", "learning_curve", "evaluate", "train", "recommend", "report"],
            id="train, the family that ships",
        ),
        pytest.param(
            in_params("l2: 200.0", "l2: 100.0"),
            ["params", "search", "peers", "learning_curve", "evaluate", "train", "report"],
            id="peers, a family that does not ship",
        ),
        pytest.param(
            in_params("most_items: 20000", "most_items: 10000"),
            ["params", "search", "peers", "learning_curve", "train", "report"],
            id="peers, without effect on any model",
        ),
        pytest.param(
            in_params("halving: 5", "halving: 3"), ["params", "search", "report"], id="search, without trials"
        ),
        pytest.param(
            in_params("bootstrap_samples: 1000", "bootstrap_samples: 500"),
            ["params", "evaluate", "report"],
            id="evaluate",
        ),
        pytest.param(in_params("every: 1 ", "every: 5 "), ["params", "learning_curve", "report"], id="learning_curve"),
        pytest.param(
            in_params("include_seen: false", "include_seen: true"), ["params", "recommend", "report"], id="recommend"
        ),
        pytest.param(in_params("num_threads: 0", "num_threads: 1"), [], id="execution"),
        pytest.param(touch, [], id="touched, not changed"),
        pytest.param(edit_tests_and_docs, [], id="tests and README"),
        pytest.param(
            other_build_of("rectools-lightfm", "requirements/model.lock"),
            ["matrix", "search", "backtest", "peers", "learning_curve", "train"],
            id="LightFM",
        ),
        pytest.param(other_build_of("matplotlib", "requirements/page.lock"), ["report"], id="Matplotlib"),
        pytest.param(other_build_of("pytest", "requirements/dev.lock"), [], id="pytest"),
        pytest.param(other_build_of("dvc", "requirements/tools.lock"), [], id="DVC"),
    ],
)
def test_a_change_runs_exactly_the_stages_it_can_change(
    change: Callable[[Project], None], stages: list[str], project: Project
) -> None:
    change(project)
    assert sorted(project.repro()) == sorted(stages)


def test_what_has_run_does_not_run_again(project: Project) -> None:
    one_more_interaction(project)
    assert sorted(project.repro()) == sorted(["validate", *FROM_MATRIX])
    assert project.repro() == []


@pytest.mark.parametrize("stage", yaml.safe_load((CHECKOUT / "dvc.yaml").read_text())["stages"])
def test_a_changed_stage_runs_alone_when_what_it_writes_stays_the_same(stage: str, project: Project) -> None:
    with project.path(f"src/recommender/stages/{stage}.py").open("a", encoding="utf-8") as stream:
        stream.write("# a comment\n")
    assert project.repro() == [stage]


def test_a_package_that_is_not_the_locked_one_is_refused(project: Project) -> None:
    project.replace("requirements/model.lock", "rectools-lightfm==1.17.3", "rectools-lightfm==1.17.4")
    done = project.dvc("repro", "train", check=False)
    assert done.returncode != 0
    assert "rectools-lightfm 1.17.3 is installed, and requirements/model.lock names 1.17.4" in done.stderr
    assert "make venv" in done.stderr
