"""A model of any Git revision: the right bytes or none, from here or elsewhere, once and then locally."""

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from projects import Project

from recommender import Recommender, RecommenderError

ARTIFACTS = ("factors.npz", "ids.json", "titles.parquet", "interactions.npz")


@pytest.fixture(scope="session")
def released_once(reproduced: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose first release is pushed, and which has gone on since. Not to be changed: copy its folder."""
    project = reproduced.copy(tmp_path_factory.mktemp("released") / "project")
    project.dvc("push", "--quiet")
    project.recommender("release", "v1.0.0")
    project.replace("params.yaml", "no_components: 10", "no_components: 4")
    project.dvc("repro")
    project.commit("Train a smaller model")
    project.dvc("push", "--quiet")
    return project


@pytest.fixture
def released(released_once: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The same, of one's own, with its storage; and a test process that has the same home folder."""
    shutil.copytree(released_once.root.parent, tmp_path / "work", symlinks=True)
    project = Project(tmp_path / "work/project")
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, project.env()[name])
    return project


def storage(project: Project) -> Path:
    return project.root.parent / "home/.local/share/recommender/storage"


def cached(project: Project, path: str) -> list[Path]:
    """Every copy of the bytes that v1.0.0 records for a path, in DVC's cache, the storage and the cache of releases."""
    lock = project.git("show", "recommender@v1.0.0:dvc.lock").splitlines()
    line = lock.index(f"    - path: {path}")
    md5 = next(entry for entry in lock[line:] if "md5: " in entry and "hash:" not in entry).split()[-1]
    return [found for found in project.root.parent.rglob(md5[2:]) if found.parent.name == md5[:2]]


def told(recommender: Recommender) -> list[tuple[str, float]]:
    return [(row.program_id, row.score) for row in recommender.recommend("u_0", k=5)]


def test_a_release_gives_what_it_gave_whatever_is_checked_out(released: Project, reproduced: Project) -> None:
    then = told(Recommender.load(repo=reproduced.root))
    now = told(Recommender.load(repo=released.root))
    assert then != now
    for rev in ("v1.0.0", "recommender@v1.0.0", "HEAD~1", released.git("rev-parse", "HEAD~1").strip()):
        assert told(Recommender.load(rev=rev, repo=released.root)) == then
    assert told(Recommender.load(rev="HEAD", repo=released.root)) == now
    shown = json.loads(
        released.recommender("recommend", "--rev", "v1.0.0", "u_0", "-k", "5", "--format", "json").stdout
    )
    assert [(row["program_id"], row["score"]) for row in shown["u_0"]] == then


def test_a_repository_elsewhere_is_read_from_its_storage_and_the_second_time_offline(released: Project) -> None:
    url = released.root.as_uri()
    then = told(Recommender.load(rev="v1.0.0", repo=released.root))
    shutil.rmtree(released.root.parent / "home/cache")
    shutil.rmtree(released.path(".dvc/cache"))
    assert told(Recommender.load(rev="v1.0.0", repo=url)) == then
    shutil.rmtree(released.root)
    shutil.rmtree(storage(released))
    assert told(Recommender.load(rev="v1.0.0", repo=url)) == then
    with pytest.raises(RecommenderError, match=r"`git fetch` in .* failed"):
        Recommender.load(rev="main", repo=url)


def test_what_is_assigned_to_a_stage_follows_the_last_assignment(released: Project) -> None:
    released.recommender("release", "v2.0.0", "--even-if-worse")
    gto = ("gto", "assign", "recommender", "--repo", ".", "--stage", "prod", "--version")
    heard = {}
    for version in ("v2.0.0", "v1.0.0"):
        released.run(*gto, version)
        heard[version] = told(Recommender.load(rev="recommender#prod", repo=released.root.as_uri()))
        assert heard[version] == told(Recommender.load(rev=version, repo=released.root))
    assert heard["v1.0.0"] != heard["v2.0.0"]
    with pytest.raises(RecommenderError, match="no release, stage, tag, branch or commit 'recommender#dev'"):
        Recommender.load(rev="recommender#dev", repo=released.root)


def test_ten_processes_load_at_once(released: Project) -> None:
    command = [sys.executable, "-m", "recommender", "recommend", "u_0", "-k", "3", "--format", "csv"]
    command += ["--repo", released.root.as_uri(), "--rev", "v1.0.0"]
    running = [
        subprocess.Popen(command, env=released.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(10)
    ]
    ended = [(*process.communicate(), process.returncode) for process in running]
    assert {code for _, _, code in ended} == {0}, ended
    assert len({out for out, _, _ in ended}) == 1


@pytest.mark.parametrize("name", ["no-such-release", "v9.0.0", "recommender@v9.0.0", "--upload-pack=x"])
def test_a_revision_that_is_not_there_is_one_line(name: str, released: Project) -> None:
    done = released.recommender("recommend", f"--rev={name}", "u_0", check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"no release, stage, tag, branch or commit '{name}'" in done.stderr


def test_a_repository_that_is_not_there_is_one_line(released: Project) -> None:
    done = released.recommender("recommend", "--rev", "v1.0.0", "--repo", "file:///nowhere", "u_0", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "file:///nowhere cannot be cloned" in done.stderr


def test_artifacts_that_nobody_has_any_more_are_one_line(released: Project) -> None:
    shutil.rmtree(storage(released))
    shutil.rmtree(released.path(".dvc/cache"))
    done = released.recommender("recommend", "--rev", "v1.0.0", "u_0", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "can be had neither from the cache nor from the remote" in done.stderr


class Planted:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, evidence: Path) -> None:
        self.evidence = evidence

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.evidence),)


@pytest.mark.parametrize("artifact", ["models/factors.npz", "data/matrix/ids.json", "data/matrix/interactions.npz"])
def test_a_planted_pickle_is_never_run(artifact: str, released: Project, tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    planted = pickle.dumps(Planted(evidence))
    Recommender.load(rev="v1.0.0", repo=released.root)  # so that all three places have a copy
    copies = cached(released, artifact)
    assert len(copies) == 3
    for copy in copies:
        copy.chmod(0o644)
        copy.write_bytes(planted)
    for repo in (released.root, released.root.as_uri()):
        with pytest.raises(RecommenderError, match=r"is refused: its MD5 is|can be had neither"):
            Recommender.load(rev="v1.0.0", repo=repo)
    path = released.path(artifact)
    path.unlink()
    path.write_bytes(planted)
    with pytest.raises(RecommenderError, match=f"{artifact} is refused: its MD5 is"):
        Recommender.load(repo=released.root)
    assert not evidence.exists()
    pickle.loads(planted)
    assert evidence.exists(), "the planted pickle does run where it is loaded"


def test_a_planted_pickle_does_not_run_even_if_the_lock_vouches_for_it(released: Project, tmp_path: Path) -> None:
    """The models that serve are arrays and JSON: nothing in them can run code, whoever wrote them."""
    evidence = tmp_path / "evidence"
    planted = pickle.dumps(Planted(evidence))
    path = released.path("models/factors.npz")
    recorded = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    path.unlink()
    path.write_bytes(planted)
    text = (
        released.path("dvc.lock").read_text().replace(recorded, hashlib.md5(planted, usedforsecurity=False).hexdigest())
    )
    released.path("dvc.lock").write_text(text)
    with pytest.raises((RecommenderError, ValueError)):
        Recommender.load(repo=released.root)
    assert not evidence.exists()


def test_a_damaged_copy_in_the_cache_of_releases_is_fetched_anew(released: Project) -> None:
    then = told(Recommender.load(rev="v1.0.0", repo=released.root))
    for copy in (released.root.parent / "home/cache/recommender/artifacts").rglob("*"):
        if copy.is_file():
            copy.write_bytes(copy.read_bytes()[:-1])
    assert told(Recommender.load(rev="v1.0.0", repo=released.root)) == then


def test_info_tells_which_data_params_code_and_metrics_a_model_came_from(released: Project) -> None:
    found = json.loads(released.recommender("info", "--rev", "v1.0.0", "--format", "json").stdout)
    assert found["code"]["commit"] == released.git("rev-parse", "HEAD~1").strip()
    assert found["params"]["train"]["no_components"] == 10
    assert found["data"]["users"] == 500
    assert set(found["data"]["files"]) == {f"data/raw/{name}.csv" for name in ("users", "programs", "interactions")}
    assert found["metrics"] == json.loads(released.git("show", "HEAD~1:metrics/ranking.json"))["model"]
    assert {Path(path).name for path in found["artifacts"]} >= set(ARTIFACTS)
    text = released.recommender("info").stdout
    assert "no_components: 4" in text
    assert "as committed" in text
