"""Killed while a stage is at work, the next `dvc repro` goes on; `test_random_kills.py` has all other moments."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import yaml
from projects import CHECKOUT, Project

STAGES = list(yaml.safe_load((CHECKOUT / "dvc.yaml").read_text())["stages"])


def started(project: Project, stage: str) -> tuple["subprocess.Popen[bytes]", int]:
    """Start `dvc repro` on one stage, and return it with the stage's process once that is there."""
    command = [sys.executable, "-m", "dvc", "repro", "--single-item", "--force", stage]
    repro = subprocess.Popen(
        command, cwd=project.root, env=project.env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
                inside = (entry / "cwd").resolve() == project.root.resolve()
            except OSError:
                continue
            if f"recommender.stages.{stage}".encode() in arguments and inside:
                return repro, int(entry.name)
        time.sleep(0.002)
    pytest.fail(f"{stage} did not start")


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_after_kill_9_of_everything_the_next_run_ends_as_if_nothing_had_happened(stage: str, project: Project) -> None:
    recorded = project.path("dvc.lock").read_bytes()
    repro, process = started(project, stage)
    time.sleep(0.3)
    os.killpg(repro.pid, signal.SIGKILL)
    repro.wait()
    while Path(f"/proc/{process}").exists() and " Z " not in Path(f"/proc/{process}/stat").read_text():
        time.sleep(0.01)
    project.recommender("repair")  # as `make repro` does: DVC, too, may have been writing at that moment
    project.dvc("repro")
    assert project.path("dvc.lock").read_bytes() == recorded
    assert "up to date" in project.dvc("status").stdout
    assert not project.git("status", "--porcelain"), "a `.part` file may stay until the stage itself runs again"


@pytest.mark.slow
def test_after_kill_9_of_a_stage_alone_dvc_says_so_and_the_next_run_goes_on(project: Project) -> None:
    recorded = project.path("dvc.lock").read_bytes()
    repro, process = started(project, "train")
    os.kill(process, signal.SIGKILL)
    assert repro.wait() != 0
    project.dvc("repro")
    assert project.path("dvc.lock").read_bytes() == recorded


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["validate", "train"])
def test_ctrl_c_is_one_line_and_the_next_run_goes_on(stage: str, project: Project) -> None:
    recorded = project.path("dvc.lock").read_bytes()
    repro, _ = started(project, stage)
    os.killpg(repro.pid, signal.SIGINT)
    repro.wait()
    project.dvc("repro")
    assert project.path("dvc.lock").read_bytes() == recorded


@pytest.fixture
def searching(project: Project) -> Project:
    """A clone of one's own with a search to do, of some seconds."""
    project.replace("params.yaml", "trials: 0", "trials: 24")
    project.dvc("repro", "params")
    return project


def wait_for_records(project: Project, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(records(project)) < number:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def records(project: Project) -> dict[str, tuple[int, int]]:
    """The finished trainings of a search, with what changes when they are written again."""
    files = project.path(".dvc/tmp/records/search").glob("*/*.json")
    found = {file.name: file.stat() for file in files}
    return {name: (about.st_ino, about.st_mtime_ns) for name, about in found.items()}


def found(project: Project) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(project.path("search").glob("[a-z]*"))}


@pytest.mark.slow
def test_a_killed_search_goes_on_from_its_finished_trainings(searching: Project, tmp_path: Path) -> None:
    undisturbed = searching.copy(tmp_path / "undisturbed")
    undisturbed.dvc("repro", "search")
    repro, process = started(searching, "search")
    wait_for_records(searching, 12)
    os.killpg(repro.pid, signal.SIGKILL)
    repro.wait()
    while Path(f"/proc/{process}").exists() and " Z " not in Path(f"/proc/{process}/stat").read_text():
        time.sleep(0.01)
    assert not searching.path("search/best.json").exists(), "it was killed before its end"
    before = records(searching)
    for content in map(Path.read_bytes, searching.path(".dvc/tmp/records/search").glob("*/*.json")):
        json.loads(content)
    searching.dvc("repro", "search")
    assert found(searching) == found(undisturbed)
    after = records(searching)
    assert {name: after[name] for name in before} == before, "nothing was trained again"
    assert after.keys() == records(undisturbed).keys()
    assert not list(searching.path(".dvc/tmp/records").rglob("*.part"))


@pytest.mark.slow
def test_ctrl_c_in_a_search_is_one_line_and_leaves_no_half_file(searching: Project) -> None:
    shutil.rmtree(searching.path("search"))
    stage = subprocess.Popen(
        [sys.executable, "-m", "recommender.stages.search"], cwd=searching.root, env=searching.env(),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    )  # fmt: skip
    wait_for_records(searching, 12)
    stage.send_signal(signal.SIGINT)
    _, said = stage.communicate()
    assert stage.returncode == 130
    assert [line for line in said.splitlines() if " trainings" not in line] == [
        "stage search was interrupted; `dvc repro` goes on from here",
        "stage search: its last good outputs come back with `dvc checkout --force`",
    ]
    assert not list(searching.root.glob("search/*"))
    assert not list(searching.path(".dvc/tmp/records").rglob("*.part"))
