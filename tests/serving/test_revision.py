"""A model of any Git revision: the right bytes or none, from here or elsewhere, once and then locally."""

import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from projects import Once, Project

from recommender import Recommender, RecommenderError

ARTIFACTS = ("factors.npz", "ids.json", "titles.parquet", "interactions.npz")


@pytest.fixture(scope="session")
def released_once(pushed_once: Project, once: Once) -> Project:
    """A project whose first release is pushed, and which has gone on since. Not to be changed: copy its folder."""

    def make(root: Path) -> None:
        project = pushed_once.copy_with_home(root.parent)
        project.recommender("release", "v1.0.0")
        project.replace("params.yaml", "no_components: 10", "no_components: 4")
        project.dvc("repro")
        project.commit("Train a smaller model")
        project.dvc("push", "--quiet")

    return once("released", make)


@pytest.fixture
def released(released_once: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The same, of one's own, with its storage; and a test process that has the same home folder."""
    project = released_once.copy_with_home(tmp_path / "work")
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


def test_a_repository_elsewhere_is_read_from_its_storage_and_the_second_time_offline(
    released: Project, caplog: pytest.LogCaptureFixture
) -> None:
    url = released.root.as_uri()
    then, now = (told(Recommender.load(rev=rev, repo=released.root)) for rev in ("v1.0.0", "main"))
    shutil.rmtree(released.root.parent / "home/cache")
    shutil.rmtree(released.path(".dvc/cache"))
    assert told(Recommender.load(rev="v1.0.0", repo=url)) == then
    assert told(Recommender.load(rev="main", repo=url)) == now
    shutil.rmtree(released.root)
    shutil.rmtree(storage(released))
    assert told(Recommender.load(rev="v1.0.0", repo=url)) == then
    assert not caplog.records
    assert told(Recommender.load(rev="main", repo=url)) == now
    assert f"{url} cannot be fetched, so the last copy of it is used" in caplog.text
    with pytest.raises(RecommenderError, match="no release, stage, tag, branch or commit 'new'"):
        Recommender.load(rev="new", repo=url)


def test_what_is_new_elsewhere_is_fetched_by_ten_processes_at_once(released: Project) -> None:
    url = released.root.as_uri()
    Recommender.load(rev="main", repo=url)
    released.commit("Nothing but a message")
    for rev in ("main", released.git("rev-parse", "HEAD").strip()):
        assert {done.returncode for done in ten_loads(released, url, rev)} == {0}


def test_storage_that_has_moved_is_found_for_old_releases(released: Project, tmp_path: Path) -> None:
    then = told(Recommender.load(rev="v1.0.0", repo=released.root))
    shutil.rmtree(released.root.parent / "home/cache")
    storage(released).rename(tmp_path / "moved")
    released.dvc("remote", "modify", "storage", "url", str(tmp_path / "moved"))
    released.commit("Move the storage")
    for repo in (released.root.as_uri(), released.root):
        assert told(Recommender.load(rev="v1.0.0", repo=repo)) == then


def test_what_is_assigned_to_a_stage_follows_the_last_assignment(released: Project) -> None:
    released.recommender("release", "v2.0.0", "--even-if-worse")
    gto = ("gto", "assign", "recommender", "--repo", ".", "--stage", "prod", "--version")
    heard = {}
    for version in ("v2.0.0", "v1.0.0"):
        time.sleep(1.1)  # GTO goes by the seconds of its tags
        released.run(*gto, version)
        heard[version] = told(Recommender.load(rev="recommender#prod", repo=released.root.as_uri()))
        assert heard[version] == told(Recommender.load(rev=version, repo=released.root))
    assert heard["v1.0.0"] != heard["v2.0.0"]
    released.run("gto", "deprecate", "recommender", "v1.0.0", "prod", "--repo", ".")
    assert told(Recommender.load(rev="recommender#prod", repo=released.root.as_uri())) == heard["v2.0.0"]
    with pytest.raises(RecommenderError, match="no release, stage, tag, branch or commit 'recommender#dev'"):
        Recommender.load(rev="recommender#dev", repo=released.root)


def test_a_tag_of_the_same_name_does_not_stand_in_for_a_release(released: Project) -> None:
    then = told(Recommender.load(rev="v1.0.0", repo=released.root))
    released.git("tag", "v1.0.0", "HEAD")
    assert told(Recommender.load(rev="v1.0.0", repo=released.root)) == then


def ten_loads(project: Project, repo: str, rev: str) -> list[subprocess.CompletedProcess[str]]:
    command = ("recommend", "u_0", "-k", "3", "--format", "csv", "--repo", repo, "--rev", rev)
    with ThreadPoolExecutor(10) as at_once:
        return list(at_once.map(lambda _: project.recommender(*command, check=False), range(10)))


def test_ten_processes_load_at_once(released: Project) -> None:
    ended = ten_loads(released, released.root.as_uri(), "v1.0.0")
    assert {done.returncode for done in ended} == {0}, ended
    assert len({done.stdout for done in ended}) == 1


@pytest.mark.parametrize("name", ["no-such-release", "v9.0.0", "recommender@v9.0.0", "--upload-pack=x", "^HEAD"])
def test_a_revision_that_is_not_there_is_one_line(name: str, released: Project) -> None:
    done = released.recommender("recommend", f"--rev={name}", "u_0", check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"no release, stage, tag, branch or commit '{name}'" in done.stderr


@pytest.mark.parametrize(
    ("repo", "message"),
    [
        ("file:///nowhere", "file:///nowhere cannot be cloned"),
        ("-h", "-h cannot be cloned"),
        ("http://team:secret@127.0.0.1:9/x.git", "http://127.0.0.1:9/x.git cannot be cloned"),
        (".dvc", "is a folder inside a Git repository"),
        ("..", "is not a Git repository"),
    ],
)
def test_a_repository_that_is_none_is_one_line_without_secrets(repo: str, message: str, released: Project) -> None:
    done = released.recommender("recommend", "--rev=v1.0.0", f"--repo={repo}", "u_0", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert message in done.stderr
    assert "secret" not in done.stderr


def test_a_repository_that_comes_into_being_after_a_failure_is_cloned(released: Project) -> None:
    elsewhere = released.root.with_name("elsewhere")
    with pytest.raises(RecommenderError, match="cannot be cloned"):
        Recommender.load(rev="v1.0.0", repo=elsewhere.as_uri())
    released.root.rename(elsewhere)
    assert told(Recommender.load(rev="v1.0.0", repo=elsewhere.as_uri()))


def test_a_cache_that_cannot_be_written_is_one_line_and_no_matter_once_all_is_there(
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, cached = released.root.as_uri(), released.env()["XDG_CACHE_HOME"]
    then = told(Recommender.load(rev="v1.0.0", repo=url))
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    for repo in (url, released.root):
        with pytest.raises(RecommenderError, match=r"/dev/null/recommender cannot be used .* XDG_CACHE_HOME"):
            Recommender.load(rev="v1.0.0", repo=repo)
    monkeypatch.setenv("XDG_CACHE_HOME", cached)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("recommender.serving.mirror.FileLock", refuse)
    assert told(Recommender.load(rev="v1.0.0", repo=url)) == then


def test_what_git_tells_its_hooks_does_not_lead_elsewhere(
    released: Project, reproduced: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(reproduced.path(".git")))
    assert told(Recommender.load(rev="v1.0.0", repo=released.root))


def test_artifacts_that_nobody_has_any_more_are_one_line(released: Project) -> None:
    shutil.rmtree(storage(released))
    shutil.rmtree(released.path(".dvc/cache"))
    done = released.recommender("recommend", "--rev", "v1.0.0", "u_0", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is in neither DVC's cache nor the remote" in done.stderr


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
        with pytest.raises(RecommenderError, match=r"is refused: its MD5 is|DVC's cache"):
            Recommender.load(rev="v1.0.0", repo=repo)
    path = released.path(artifact)
    path.unlink()
    path.write_bytes(planted)
    with pytest.raises(RecommenderError, match=f"{artifact} is refused: its MD5 is"):
        Recommender.load(repo=released.root)
    assert not evidence.exists()
    pickle.loads(planted)
    assert evidence.exists(), "the planted pickle does run where it is loaded"


def test_a_planted_pickle_does_not_run_even_if_the_lock_vouches_for_it(project: Project, tmp_path: Path) -> None:
    """The models that serve are arrays and JSON: nothing in them can run code, whoever wrote them."""
    evidence = tmp_path / "evidence"
    recorded_as(project, "models/factors.npz", pickle.dumps(Planted(evidence)))
    with pytest.raises(RecommenderError, match=r"factors\.npz is not what this version writes"):
        Recommender.load(repo=project.root)
    assert not evidence.exists()


def test_a_revision_of_ones_own_does_not_say_how_its_storage_is_opened(released: Project, tmp_path: Path) -> None:
    """Such as a branch of somebody else's that was fetched to look at it: the checkout's own settings count."""
    then, evidence = told(Recommender.load(rev="v1.0.0", repo=released.root)), tmp_path / "evidence"
    released.dvc("remote", "modify", "storage", "url", "webdav://127.0.0.1:9/x")
    released.dvc("remote", "modify", "storage", "bearer_token_command", f"touch {evidence}")
    released.git(
        "checkout", "--quiet", "-B", "theirs", "v1.0.0" if "v1.0.0" in released.git("tag").split() else "HEAD~1"
    )
    released.git("commit", "--quiet", "--all", "--message", "Plant a command")
    released.git("checkout", "--quiet", "main")
    shutil.rmtree(released.root.parent / "home/cache")
    shutil.rmtree(released.path(".dvc/cache"))
    assert told(Recommender.load(rev="theirs", repo=released.root)) == then
    assert not evidence.exists()


def recorded_as(project: Project, artifact: str, content: bytes) -> None:
    """Put other bytes in an artifact's place, and have dvc.lock vouch for them."""
    path = project.path(artifact)
    old, new = (hashlib.md5(data, usedforsecurity=False).hexdigest() for data in (path.read_bytes(), content))
    path.unlink()
    path.write_bytes(content)
    project.path("dvc.lock").write_text(project.path("dvc.lock").read_text().replace(old, new))


def archive(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


FACTORS = {
    "user_embeddings": np.zeros((500, 2), np.float32),
    "user_biases": np.zeros(500, np.float32),
    "item_embeddings": np.zeros((50, 2), np.float32),
    "item_biases": np.zeros(50, np.float32),
}
SEEN = {"format": b"coo", "shape": (500, 50), "row": np.zeros(1, np.int32), "col": np.zeros(1, np.int32)}
SEEN |= {"data": np.ones(1, np.float32)}
COMPRESSED = {"format": b"csr", "shape": (500, 50), "data": np.ones(1), "indices": np.zeros(1, np.int32)}


NO_MODELS = [
    ("models/factors.npz", b"no archive"),
    ("models/factors.npz", archive(**FACTORS | {"item_biases": np.array([object()] * 50)})),
    ("models/factors.npz", archive(**FACTORS | {"item_biases": np.array(["a"] * 50)})),
    ("models/factors.npz", archive(**FACTORS | {"item_biases": np.zeros(49, np.float32)})),
    ("models/factors.npz", archive(**FACTORS | {"item_biases": np.zeros((50, 2), np.float32)})),
    ("models/factors.npz", archive(**FACTORS | {"item_biases": np.float32(0)})),
    ("models/factors.npz", archive(**FACTORS | {"user_embeddings": np.zeros((500, 3), np.float32)})),
    ("models/factors.npz", archive(**FACTORS | {"user_biases": np.zeros(500)})),
    ("models/factors.npz", archive(**FACTORS, more=np.zeros(1))),
    ("models/factors.npz", archive(user_biases=np.zeros(500, np.float32))),
    ("data/matrix/interactions.npz", archive(**SEEN | {"col": np.array([100_000], np.int32)})),
    ("data/matrix/interactions.npz", archive(**SEEN | {"row": np.array([-1], np.int32)})),
    ("data/matrix/interactions.npz", archive(**SEEN | {"shape": (500, 60)})),
    ("data/matrix/interactions.npz", archive(**COMPRESSED, indptr=np.full(501, 1 << 40))),
    ("data/matrix/ids.json", b"{}"),
    ("data/matrix/ids.json", b"[1"),
    ("data/matrix/ids.json", b'{"users": ["a"], "programs": ["b"]}'),
    ("data/clean/titles.parquet", b"no table"),
]


def test_what_is_no_model_is_one_line_even_if_the_lock_vouches_for_it(project: Project) -> None:
    for artifact, content in NO_MODELS:
        lock, good = project.path("dvc.lock").read_bytes(), project.path(artifact).read_bytes()
        recorded_as(project, artifact, content)
        with pytest.raises(RecommenderError):
            Recommender.load(repo=project.root)
        project.path(artifact).write_bytes(good)
        project.path("dvc.lock").write_bytes(lock)
    Recommender.load(repo=project.root)


@pytest.mark.parametrize(
    "content", ["", "<<<<<<< HEAD\nstages:\n", "schema: '2.0'\n", "stages: 5\n", "stages:\n  train: 5\n", "[1, 2]\n"]
)
def test_a_lock_that_is_none_is_one_line(content: str, project: Project) -> None:
    project.path("dvc.lock").write_text(content)
    done = project.recommender("recommend", "u_0", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "dvc.lock cannot be read" in done.stderr


@pytest.mark.parametrize("md5", ["aa/../../../../outside/x", "5", "null"])
def test_a_hash_that_is_none_names_no_file(md5: str, released: Project) -> None:
    lock = released.path("dvc.lock")
    path = released.path("models/factors.npz")
    lock.write_text(lock.read_text().replace(hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest(), md5))
    released.commit("Lead elsewhere")
    with pytest.raises(RecommenderError, match=r"dvc\.lock records no factors\.npz|validation failed"):
        Recommender.load(rev="HEAD", repo=released.root)


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
    released.replace("params.yaml", "no_components: 4", "no_components: 99")
    text = released.recommender("info").stdout
    assert "no_components: 4" in text, "what the model was trained with, and not what it would be"
    assert "some files differ from the commit" in text
    released.replace("metrics/ranking.json", "0.", "1.")
    assert "metrics/ranking.json is refused" in released.recommender("info", check=False).stderr
