"""A search goes on from the trainings that were finished, if they are of the same data, settings and sources."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from search.stage_folder import Folder, folder_of, tastes

from recommender.pipeline.stage import RECORDS, Stage

SPACE: dict[str, dict[str, Any]] = {
    "lightfm": {"no_components": {"low": 2, "high": 8}, "learning_rate": {"low": 0.01, "high": 0.1, "log": True}},
    "ease": {"l2": {"low": 1.0, "high": 1000.0, "log": True}},
}
SAFETY_NET = 600
"""Seconds after which a broken promise ends a test; nothing is measured by them."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return folder_of(tmp_path / "folder", tastes())


def program(folder: Folder) -> subprocess.Popen[str]:
    """The stage as DVC starts it, but that Ctrl-C reaches it even where it is started in the background."""
    main = "from recommender.pipeline.stage import run\nfrom recommender.stages.search import search\n"
    handler = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command = [sys.executable, "-c", f"{handler}{main}run('search', search)"]
    return subprocess.Popen(command, cwd=folder.path, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("num_threads", [1, 2])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_search_trains_what_was_not_finished_and_gives_the_same_bytes(
    sent: signal.Signals, num_threads: int, folder: Folder, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"trials": 24, "train__epochs": 200, "execution__num_threads": num_threads}
    whole = folder_of(tmp_path / "whole", tastes())
    whole.search(SPACE, **settings)

    folder.declare(SPACE, **settings)
    with program(folder) as process:
        deadline = time.monotonic() + SAFETY_NET
        while len(folder.trainings) < 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        process.send_signal(sent)
        _, errors = process.communicate(timeout=SAFETY_NET)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}[sent], errors
    assert sent == signal.SIGKILL or errors.startswith("stage search was interrupted; `dvc repro` goes on from here")
    finished = folder.trainings
    assert 3 <= len(finished) < len(whole.trainings)

    folder.search(SPACE, **settings)
    assert folder.outs == whole.outs
    assert set(folder.trainings) == set(whole.trainings)
    assert {name: folder.trainings[name] for name in finished} == finished  # none was trained, and written, again


def test_a_finished_search_trains_nothing_again(folder: Folder) -> None:
    folder.search(SPACE)
    outs, trainings = folder.outs, folder.trainings
    assert len(trainings) >= len(folder.trials)
    folder.search(SPACE)
    assert (folder.outs, folder.trainings) == (outs, trainings)


def test_more_trials_and_more_families_begin_with_what_was_trained(folder: Folder) -> None:
    folder.search({"ease": SPACE["ease"]}, trials=4)
    few, trainings = folder.rows("by_setting.csv"), folder.trainings
    folder.search(SPACE, trials=12)
    assert trainings.items() < folder.trainings.items()
    many = [row for row in folder.rows("by_setting.csv") if row["family"] == "ease"]
    assert [row | {"score": ""} for row in many[: len(few)]] == [row | {"score": ""} for row in few]
    assert len(many) > len(few)


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '{"1": 2}', '{"1": [1]}', '{"a": [1, 2]}', "\0", "é"])
def test_a_record_that_cannot_be_read_is_trained_again(broken: str, folder: Folder) -> None:
    folder.search(SPACE)
    outs, trainings = folder.outs, folder.trainings
    for path in (folder.path / RECORDS / "search").glob("*/*.json"):
        path.write_bytes(broken.encode("latin-1"))
    folder.search(SPACE)
    assert folder.outs == outs
    assert set(folder.trainings) == set(trainings)
    for path in (folder.path / RECORDS / "search").glob("*/*.json"):
        assert json.loads(path.read_bytes())


@pytest.mark.parametrize("broken", ["{}", '{"1": ["good", 0]}', '{"1": [null, 0]}', "[" * 100_000])
def test_a_record_that_holds_no_scores_is_trained_again(broken: str, folder: Folder) -> None:
    folder.search(SPACE)
    outs = folder.outs
    for path in (folder.path / RECORDS / "search").glob("*/*.json"):
        path.write_text(broken)
    folder.search(SPACE)
    assert folder.outs == outs


@pytest.mark.parametrize("changed", ["data", "split__seed", "seed", "users", "k"])
def test_what_else_is_measured_on_is_trained_anew_and_replaces_what_was_kept(
    changed: str, folder: Folder, tmp_path: Path
) -> None:
    folder.search(SPACE)
    before = kept(folder)
    fresh = tmp_path / "fresh"
    train = tastes(seed=5 if changed == "data" else 0)
    settings: dict[str, Any] = {} if changed == "data" else {changed: 5}
    folder_of(folder.path, train).search(SPACE, **settings)
    other = folder_of(fresh, train)
    other.search(SPACE, **settings)
    assert folder.outs == other.outs
    assert len(before) == len(kept(folder)) == 1
    assert before != kept(folder)


def kept(folder: Folder) -> set[str]:
    return {path.name for path in (folder.path / RECORDS / "search").iterdir()}


def test_settings_of_the_models_are_told_apart_in_one_folder(folder: Folder) -> None:
    folder.search(SPACE)
    before = folder.trainings
    folder.search(SPACE, train__max_sampled=20, peers__ease__l2=7.0)
    assert before.items() <= folder.trainings.items()
    assert len(folder.trainings) > len(before)
    assert len(kept(folder)) == 1


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    declared = {"deps": ["data.npz", "sources"], "outs": ["out.csv"]}
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"long": declared}}))
    (tmp_path / "sources/deep/__pycache__").mkdir(parents=True)
    for name in ("data.npz", "sources/one.py", "sources/deep/two.py", "sources/deep/__pycache__/two.pyc"):
        (tmp_path / name).write_text(f"This is {name}.")
    with contextlib.chdir(tmp_path):
        yield Stage("long")


def records(stage: Stage, key: object = 1) -> str:
    with stage.records(key) as path:
        path.mkdir(parents=True, exist_ok=True)
    return path.name


def test_records_are_of_the_data_the_sources_and_a_key(stage: Stage) -> None:
    found = [records(stage), records(stage, 2), records(stage, [1])]
    for name in ("data.npz", "sources/one.py", "sources/deep/two.py"):
        Path(name).write_text("This is something else.")
        found.append(records(stage))
    assert len(set(found)) == len(found)
    assert [path.name for path in (RECORDS / "long").iterdir()] == found[-1:]


def test_what_python_compiled_and_times_of_files_do_not_matter_to_records(stage: Stage) -> None:
    before = records(stage)
    Path("sources/deep/__pycache__/two.pyc").write_text("This is compiled anew.")
    os.utime("data.npz", (0, 0))
    assert records(stage) == before
    assert records(stage, {"a": 1, "b": 2}) == records(stage, {"b": 2, "a": 1})


def test_work_that_is_broken_off_loses_no_records(stage: Stage) -> None:
    before = records(stage)
    with contextlib.suppress(KeyboardInterrupt), stage.records(2) as path:
        path.mkdir()
        raise KeyboardInterrupt
    assert {found.name for found in (RECORDS / "long").iterdir()} == {before, path.name}


def test_records_of_one_stage_are_not_those_of_another(stage: Stage) -> None:
    other = RECORDS / "other/kept"
    other.mkdir(parents=True)
    records(stage)
    assert other.exists()
