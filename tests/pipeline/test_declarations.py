"""`dvc.yaml` says the truth: each stage declares the folders, packages and settings that it uses, and no others."""

import ast
import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import CHECKOUT, Project
from sources import SOURCES, imported

from recommender.settings.params import Params

STAGES: dict[str, dict[str, Any]] = yaml.safe_load((CHECKOUT / "dvc.yaml").read_text())["stages"]
LOCKS = ("numeric", "tables", "model", "page")
CHECKING = "params"
"""The stage that checks all settings before any other does work."""
CHECKS = [SOURCES / "recommender" / name for name in ("settings", "errors.py", "text.py")]
SHARED = [SOURCES / "recommender" / name for name in ("pipeline", "files", "splits")]
"""Small folders that several stages use a part of."""


def used(stage: str) -> tuple[set[Path], set[str]]:
    """All sources and packages that a stage uses, directly or not, but for those that only check and refuse."""
    files: set[Path] = set()
    packages: set[str] = set()
    waiting = [SOURCES / f"recommender/stages/{stage}.py"]
    while waiting:
        file = waiting.pop()
        if file in files or (stage != CHECKING and only_checks(file)):
            continue
        files.add(file)
        more, needed = imported(file)
        packages |= needed
        waiting += more
    return files, packages


def only_checks(file: Path) -> bool:
    """Whether a file can stop a stage and cannot change a byte of what it writes; see `test_checks.py`."""
    return any(path == file or path in file.parents for path in CHECKS)


def declared_sources(stage: str) -> list[Path]:
    return [CHECKOUT / dep for dep in STAGES[stage]["deps"] if dep.startswith("src/")]


def is_door(file: Path) -> bool:
    """Whether a file is an `__init__.py` that only names what its folder has."""
    if file.name != "__init__.py":
        return False
    nodes = ast.parse(file.read_text(encoding="utf-8")).body
    return all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom | ast.Assign) for node in nodes)


def test_dvc_lock_was_written_with_the_sources_and_settings_as_they_are(shipped: Project, tmp_path: Path) -> None:
    status = json.loads(shipped.copy(tmp_path / "copy").dvc("status", "--json").stdout)
    changed = [one.get("changed deps", {}) for changes in status.values() for one in changes]
    stale = {dep for deps in changed for dep, how in deps.items() if how != "deleted"}
    assert not stale, "`make repro`, and commit dvc.lock"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_exactly_the_sources_it_uses(stage: str) -> None:
    files, _ = used(stage)
    declared = declared_sources(stage)
    undeclared = [f for f in files if not is_door(f) and not any(f == d or d in f.parents for d in declared)]
    assert not undeclared, f"{stage} uses and does not declare"
    needless = [d for d in declared if not any(f == d or d in f.parents for f in files)]
    assert not needless, f"{stage} declares and does not use"


@pytest.mark.parametrize("stage", STAGES)
def test_a_declared_folder_of_sources_is_used_as_a_whole_unless_it_is_shared(stage: str) -> None:
    files, _ = used(stage)
    for folder in filter(Path.is_dir, declared_sources(stage)):
        if folder in SHARED:
            continue
        unused = [f for f in folder.rglob("*.py") if f not in files and not is_door(f)]
        assert not unused, f"{stage} declares {folder.name} and does not use"


@pytest.mark.parametrize("stage", STAGES)
def test_a_new_module_or_parameter_needs_no_edit(stage: str) -> None:
    """Single files are the stage's own and those beside the folders; params are whole groups."""
    single = [f for f in declared_sources(stage) if not f.is_dir()]
    assert single[0] == SOURCES / f"recommender/stages/{stage}.py"
    assert all(f.parent == SOURCES / "recommender" for f in single[1:])
    groups = {param.partition(".")[0] for param in STAGES[stage]["params"]}
    assert groups <= set(Params.model_fields)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_exactly_the_locks_of_the_packages_it_computes_with(stage: str) -> None:
    _, packages = used(stage)
    distributions = importlib.metadata.packages_distributions()
    names = {name.lower() for package in packages for name in distributions[package]}
    expected = set()
    for lock in LOCKS:
        path = f"requirements/{lock}.lock"
        pinned = set(re.findall(r"^([\w.-]+)==", (CHECKOUT / path).read_text(), flags=re.MULTILINE))
        if names & pinned:
            expected.add(path)
    assert {dep for dep in STAGES[stage]["deps"] if dep.endswith(".lock")} == expected


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_declares_exactly_the_settings_it_reads(stage: str) -> None:
    source = SOURCES / f"recommender/stages/{stage}.py"
    everything = set(Params.model_fields) - {"execution"}
    assert set(STAGES[stage]["params"]) == (everything if stage == CHECKING else set(settings_read(source)))


def settings_read(source: Path) -> Iterator[str]:
    """What a stage reads: `stage.settings("group", Model)`, or `stage.setting("group", Model, "key")`."""
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "stage.settings":
            yield ast.literal_eval(call.args[0])
        elif isinstance(call, ast.Call) and ast.unparse(call.func) == "stage.setting":
            yield f"{ast.literal_eval(call.args[0])}.{ast.literal_eval(call.args[2])}"


def test_what_cannot_change_a_result_is_declared_nowhere() -> None:
    assert not [name for name, stage in STAGES.items() if "execution" in stage["params"]]


def test_every_stage_has_its_module_and_every_module_its_stage() -> None:
    modules = {path.stem for path in (SOURCES / "recommender/stages").glob("[a-z]*.py")}
    assert modules == set(STAGES)
    for name, stage in STAGES.items():
        assert stage["cmd"] == f"python -m recommender.stages.{name}"
