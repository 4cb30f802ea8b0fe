"""What one person pushes to the team's storage, another pulls: the same bytes, and nothing runs again."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import Project, stages_run
from remote.clones import md5, objects, shared, used_by
from remote.nginx import HttpServer
from remote.servers import Folder, Server

pytestmark = pytest.mark.slow


def outputs(project: Project) -> dict[str, str]:
    """The outputs that DVC keeps, and not Git, with their md5 as dvc.lock records it."""
    lock = yaml.safe_load(project.path("dvc.lock").read_text())["stages"]
    stages = yaml.safe_load(project.path("dvc.yaml").read_text())["stages"]
    return {
        out["path"]: out["md5"] for name in stages for out in lock[name]["outs"] if out["path"] in stages[name]["outs"]
    }


def assert_same_bytes(project: Project) -> None:
    recorded = outputs(project)
    assert "models/lightfm.pkl" in recorded
    assert {path: md5(project.path(path)) for path in recorded} == recorded


def assert_served(project: Project, server: Server, service: Path) -> None:
    """The released model answers elsewhere, where nothing was pulled, as it does where it was made."""
    asked = ("recommend", "u_0", "u_1", "--format", "csv")
    answered = shared(project, server, service).recommender(*asked, "--rev", "v1.0.0").stdout
    assert answered == project.recommender(*asked).stdout


def forget(project: Project, stage: str) -> None:
    """Make it as if the stage had never been run here: its outputs, their cache and what dvc.lock says are gone."""
    lock: dict[str, Any] = yaml.safe_load(project.path("dvc.lock").read_text())
    kept = objects(project.path(".dvc/cache"))
    for out in lock["stages"].pop(stage)["outs"]:
        project.path(out["path"]).unlink()
        kept[out["md5"]].unlink()
    project.path("dvc.lock").write_text(yaml.safe_dump(lock, sort_keys=False))


@pytest.mark.parametrize("server", ["folder", "ssh", "s3", "webdav"], indirect=True)
def test_a_colleague_pulls_the_same_bytes_and_downloads_instead_of_training(
    server: Server, project: Project, tmp_path: Path
) -> None:
    project.git("tag", "recommender@v1.0.0")
    used_by(project, server).dvc("push", "--run-cache")
    assert_served(project, server, tmp_path / "elsewhere/service")
    colleague = shared(project, server, tmp_path / "colleague")
    colleague.dvc("pull", "--run-cache")
    assert_same_bytes(colleague)
    recorded = colleague.path("dvc.lock").read_bytes()

    trained = ["backtest", "learning_curve", "train"]
    for stage in trained:
        forget(colleague, stage)
    done = colleague.dvc("repro", "--pull").stdout
    assert sorted(stages_run(done)) == trained
    for stage in trained:
        assert f"Stage '{stage}' is cached - skipping run, checking out outputs" in done
    assert yaml.safe_load(colleague.path("dvc.lock").read_text()) == yaml.safe_load(recorded)
    assert_same_bytes(colleague)


def test_over_http_everybody_pulls_nothing_runs_again_and_nobody_pushes(project: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    project.git("tag", "recommender@v1.0.0")
    used_by(project, storage).dvc("push")
    with HttpServer(tmp_path / "http", storage.storage) as server:
        assert_served(project, server, tmp_path / "elsewhere/service")
        colleague = shared(project, server, tmp_path / "colleague")
        colleague.dvc("pull")
        assert_same_bytes(colleague)
        assert colleague.repro() == []
        assert colleague.git("status", "--short") == ""

        colleague.path("new.bin").write_bytes(b"new")
        colleague.dvc("add", "new.bin")
        refused = colleague.dvc("push", "new.bin", check=False)
    assert refused.returncode != 0
    assert "403" in refused.stderr
    assert md5(colleague.path("new.bin")) not in objects(storage.storage)
