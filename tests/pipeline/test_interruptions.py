"""Killed while a stage is at work, the next `dvc repro` goes on; `test_random_kills.py` has all other moments."""

import os
import signal
import subprocess
import sys
import time
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
    project.dvc("repro")
    assert project.path("dvc.lock").read_bytes() == recorded
    assert "up to date" in project.dvc("status").stdout
    assert not list(project.root.glob("[dm]*/**/*.part"))


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
