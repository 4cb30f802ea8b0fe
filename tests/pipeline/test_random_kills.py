"""Killed at any moment, `recommender repair` and `dvc repro` end as if nothing had happened.

Each case kills once or twice, at moments that its seed draws over the whole length of a run that has work to do: one of
the pipeline, and one of many stages that do next to nothing, in which most moments are those in which DVC writes.
`KILLS=100 pytest -n 1 -s tests/pipeline/test_random_kills.py -k small` tries a hundred seeds and says what each gave;
without `-k small`, of either. `KILLS_FROM` says which is the first.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from projects import CHECKOUT, Project

FIRST, KILLS = int(os.environ.get("KILLS_FROM", "0")), os.environ.get("KILLS")
CASES = [
    (kind, seed)
    for kind, usual in (("small", 5), ("pipeline", 1))
    for seed in range(FIRST, FIRST + int(KILLS or usual))
]
CHANGES = {
    "epochs: 20": "epochs: 2",
    "  cold_users: false\n  seed: 42": "  cold_users: false\n  seed: 43",
    "bootstrap_samples: 1000": "bootstrap_samples: 100",
    "  k: 10\n  include_seen: false": "  k: 9\n  include_seen: false",
    "duplicates: last": "duplicates: first",
}
"""What is changed in the pipeline, so that every stage but `matrix` has work to do and `dvc.lock` is written often."""


@dataclass(frozen=True)
class Changed:
    """A project whose params were changed, how its `dvc.lock` ends up, and how long that takes undisturbed."""

    project: Project
    lock: bytes
    seconds: float


def undisturbed(changed: Project, root: Path) -> Changed:
    project = changed.copy(root)
    began = time.monotonic()
    project.dvc("repro")
    return Changed(changed, project.path("dvc.lock").read_bytes(), time.monotonic() - began)


@pytest.fixture(scope="session")
def pipeline(reproduced: Project, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    project = reproduced.copy(tmp_path_factory.mktemp("changed") / "project")
    for old, new in CHANGES.items():
        project.replace("params.yaml", old, new)
    return undisturbed(project, tmp_path_factory.mktemp("undisturbed") / "project")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    project = Project(tmp_path_factory.mktemp("small") / "project", {"PYTHONPATH": str(CHECKOUT / "src")})
    sources = [f"sources/{number}" for number in range(40)]
    for name in [*sources, "outs/0"]:
        project.path(name).parent.mkdir(parents=True, exist_ok=True)
        project.path(name).write_text(name)
    stages = {
        f"stage{number}": {
            "cmd": f"cat outs/{number - 1} params.yaml > outs/{number}",
            "deps": [*sources, f"outs/{number - 1}"],
            "params": ["value"],
            "outs": [f"outs/{number}"],
        }
        for number in range(1, 6)
    }
    project.path("dvc.yaml").write_text(yaml.safe_dump({"stages": stages}, sort_keys=False))
    project.path("params.yaml").write_text("value: 1\n")
    project.git("init", "--quiet", "--initial-branch", "main")
    project.dvc("init", "--quiet")
    project.dvc("config", "core.autostage", "true")
    project.dvc("repro")
    project.commit()
    project.path("params.yaml").write_text("value: 2\n")
    return undisturbed(project, tmp_path_factory.mktemp("undisturbed") / "project")


def kill_after(project: Project, seconds: float) -> bool:
    """Run `dvc repro` and kill all its processes after some time; tell whether it was still running."""
    running = subprocess.Popen(
        [sys.executable, "-m", "dvc", "repro"], cwd=project.root, env=project.env(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        while any(alive_in(running.pid)):
            time.sleep(0.01)
        return True
    return False


def alive_in(session: int) -> Iterator[int]:
    """The processes of a session that have not ended."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, its = (entry / "stat").read_bytes().rpartition(b")")[2].split()[:4]
        except OSError:
            continue
        if int(its) == session and state != b"Z":
            yield int(entry.name)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_after_kills_at_random_moments_the_next_run_ends_as_if_nothing_had_happened(
    kind: str, seed: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    changed: Changed = request.getfixturevalue(kind)
    drawn = random.Random(seed)
    moments = [drawn.uniform(0, 0.8 * changed.seconds) for _ in range(drawn.choice([1, 1, 2]))]
    project = changed.project.copy(tmp_path / "project")
    said = []
    for moment in moments:
        killed = kill_after(project, moment)
        at = f"{kind}, seed {seed}: {'killed' if killed else 'ended before'} {moment:.3f} s of {changed.seconds:.1f}"
        repaired = project.recommender("repair", check=False)
        assert repaired.returncode == 0, f"{at}\n{repaired.stderr}"
        said.append(f"{at}; {repaired.stdout.strip() or 'nothing to mend'}")
    print("", *said, sep="\n")
    done = project.dvc("repro", check=False)
    assert done.returncode == 0, "\n".join([*said, done.stdout, done.stderr])
    assert project.path("dvc.lock").read_bytes() == changed.lock, "\n".join(said)
    status = project.dvc("status", check=False)
    assert status.stdout == "Data and pipelines are up to date.\n", "\n".join([*said, status.stdout, status.stderr])
    assert not list(project.root.glob("[dm]*/**/*.part")), "\n".join(said)
    assert "??" not in project.git("status", "--porcelain"), "\n".join(said)
