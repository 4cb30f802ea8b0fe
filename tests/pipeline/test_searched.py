"""What a search finds is what is trained and shipped, and nothing else makes it run again."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from projects import Once, Project

from recommender.settings.params_file import read_yaml
from recommender.settings.peers import PEERS

MODELS = (
    "models/backtest.npz",
    "models/factors.npz",
    "models/lightfm.pkl",
    *(f"models/peers/{peer}.npz" for peer in PEERS),
)


def set_params(project: Project, changes: dict[str, Any]) -> None:
    """Write `params.yaml` anew, with other values: groups within groups are changed, not replaced."""
    path = project.path("params.yaml")
    path.write_text(json.dumps(changed(read_yaml(path), changes)), encoding="utf-8")


def changed(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    inner = {key: changed(content[key], value) if isinstance(value, dict) else value for key, value in changes.items()}
    return content | inner


def digests(project: Project) -> dict[str, str]:
    return {name: hashlib.sha256(project.path(name).read_bytes()).hexdigest() for name in MODELS}


@pytest.fixture(scope="module")
def searched(reproduced: Project, once: Once) -> Project:
    """A clone that has searched, and ships what was best. Not to be changed: copy it."""

    def make(root: Path) -> None:
        project = reproduced.copy(root)
        set_params(project, {"search": {"trials": 3}, "train": {"family": "searched", "settings": "searched"}})
        project.dvc("repro")

    return once("searched", make)


@pytest.mark.slow
def test_what_is_trained_are_the_settings_that_were_found(searched: Project, tmp_path: Path) -> None:
    best = json.loads(searched.path("search/best.json").read_text())
    given = searched.copy(tmp_path / "given")
    found = {family: values["settings"] for family, values in best["families"].items()}
    of_lightfm = found.pop("lightfm") | {"family": best["family"], "settings": "given"}
    set_params(given, {"search": {"trials": 0}, "train": of_lightfm, "peers": found})
    given.dvc("repro")
    assert given.path("search/best.json").read_text() == "{}\n"
    assert digests(given) == digests(searched)
    for project in (searched, given):
        assert json.loads(project.recommender("info", "--format", "json").stdout)["family"] == best["family"]


@pytest.mark.slow
def test_a_change_of_how_models_are_measured_reruns_no_search(searched: Project, tmp_path: Path) -> None:
    project = searched.copy(tmp_path / "project")
    set_params(project, {"evaluate": {"bootstrap_samples": 500}})
    assert project.repro() == ["params", "evaluate", "report"]


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("train.settings", {"settings": "searched"}),
        ("train.family", {"settings": "searched", "family": "searched"}),
    ],
)
def test_where_nothing_was_searched_that_is_said_in_a_line(key: str, changes: dict[str, Any], project: Project) -> None:
    set_params(project, {"train": changes})
    project.dvc("repro", "search")
    done = project.dvc("repro", "--single-item", "train", check=False)
    assert done.returncode != 0
    assert f"{key} is 'searched', and nothing has been searched; set search.trials, to 64 say" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_searched_family_needs_searched_settings(project: Project) -> None:
    set_params(project, {"train": {"family": "searched"}})
    done = project.recommender("check", check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "with family searched, settings must be searched too" in done.stderr
