"""A checkout's artifacts are taken as `dvc.lock` records them, whichever folder one stands in."""

import json
import os
from pathlib import Path

import pytest
from published import ANSWER, ENVIRONMENT, Published, artifacts

from recommender import Recommender, RecommenderError
from recommender.project import project_root
from recommender.serving.cache import cache, cannot_be_kept
from recommender.serving.lock import LARGEST
from recommender.serving.source import open_source, read_metrics
from recommender.serving.workspace import Workspace


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """A checkout in which the artifacts lie; it is no repository of Git."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    project = Published(tmp_path / "project", tmp_path / "storage")
    (tmp_path / "made").mkdir()
    made = artifacts(tmp_path / "made")
    project.store(made)
    for path, content in made.items():
        project.write(path, content)
    project.write("dvc.yaml", "stages: {}\n")
    return project


def lock_of(project: Published) -> Path:
    return project.root / "dvc.lock"


def test_the_model_of_a_checkout_is_loaded_from_its_folder_or_from_below(
    checkout: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    for repo in (checkout.root, str(checkout.root)):
        found = Recommender.load(repo=repo).recommend("u_0", k=3)
        assert [row.program_id for row in found] == ANSWER
    (checkout.root / "notebooks/a").mkdir(parents=True)
    (checkout.root / "notebooks/dvc.yaml").mkdir()
    for folder in (checkout.root, checkout.root / "notebooks/a"):
        monkeypatch.chdir(folder)
        assert project_root() == Workspace().root == checkout.root
        assert [row.program_id for row in Recommender.load().recommend("u_0", k=3)] == ANSWER


def test_where_no_project_is_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecommenderError, match=f"there is no dvc.yaml in {tmp_path} or above it"):
        open_source(None, None)
    with pytest.raises(RecommenderError, match=r"there is no dvc\.yaml"):
        open_source("v1.0.0", None)
    with pytest.raises(RecommenderError, match=r"https://x/y is not a folder; with the URL .* rev='v1\.0\.0'"):
        open_source(None, "https://x/y")


def test_a_lock_that_is_missing_or_cannot_be_read_is_one_line(checkout: Published) -> None:
    lock_of(checkout).unlink()
    with pytest.raises(RecommenderError, match=r"dvc\.lock is missing: nothing has been run yet; run `make repro`"):
        Workspace(checkout.root)
    lock_of(checkout).mkdir()
    with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read: Is a directory"):
        Workspace(checkout.root)


def test_a_lock_as_large_as_the_limit_is_read_and_a_larger_one_refused(checkout: Published) -> None:
    content = lock_of(checkout).read_bytes() + b"#"
    lock_of(checkout).write_bytes(content.ljust(LARGEST, b"a"))
    assert Workspace(checkout.root).lock.outputs()
    lock_of(checkout).write_bytes(content.ljust(LARGEST + 1, b"a"))
    with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read"):
        Workspace(checkout.root)


def test_an_artifact_that_is_missing_another_or_unreadable_is_one_line(checkout: Published) -> None:
    source = Workspace(checkout.root)
    path = checkout.root / "data/matrix/ids.json"
    good = path.read_bytes()
    assert source.read("matrix", "ids.json") == good
    path.write_bytes(good + b" ")
    with pytest.raises(RecommenderError, match=r"is refused: its MD5 is .*; `dvc checkout --force` restores"):
        source.read("matrix", "ids.json")
    path.unlink()
    with pytest.raises(RecommenderError, match=rf"{path} is missing; `dvc checkout` restores it from the cache"):
        source.read("matrix", "ids.json")
    path.mkdir()
    with pytest.raises(RecommenderError, match=rf"{path} cannot be read \(Is a directory\); `dvc checkout`"):
        source.read("matrix", "ids.json")


def test_a_file_that_git_has_is_read_as_it_lies_there(checkout: Published) -> None:
    source = Workspace(checkout.root)
    assert source.file("dvc.yaml") == b"stages: {}\n"
    with pytest.raises(RecommenderError, match=rf"{checkout.root}/none is missing; `git checkout none` brings it back"):
        source.file("none")
    with pytest.raises(RecommenderError, match=r"models cannot be read \(Is a directory\); `git checkout models`"):
        source.file("models")


def test_metrics_are_those_that_the_lock_records(checkout: Published) -> None:
    source = Workspace(checkout.root)
    assert read_metrics(source, "validate", "data.json") == {"users": 3, "programs": 4, "positives": 1}
    checkout.write("metrics/data.json", json.dumps({"users": 4}))
    with pytest.raises(RecommenderError, match=r"metrics/data\.json is refused: .*; `dvc repro` makes it again"):
        read_metrics(source, "validate", "data.json")
    checkout.store({"metrics/data.json": b"[1]"})
    with pytest.raises(
        RecommenderError, match=r"data\.json is not what this version writes: it is not an object, but list"
    ):
        read_metrics(Workspace(checkout.root), "validate", "data.json")


def test_a_checkout_tells_on_which_commit_it_stands_and_whether_files_differ(checkout: Published) -> None:
    checkout.git("init", "--quiet", "--initial-branch", "main")
    commit = checkout.commit("Begin: all\n\nand more")
    told = Workspace(checkout.root).describe()
    assert told["date"][:2] == "20"
    assert told == {
        "revision": "the checkout, as committed", "commit": commit, "date": told["date"], "subject": "Begin: all",
    }  # fmt: skip
    checkout.write("new", "")
    told = Workspace(checkout.root).describe()
    assert (told["revision"], told["commit"]) == ("the checkout, some files differ from the commit", commit)


def test_what_is_kept_between_processes_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/kept")
    assert cache() == Path("/kept/recommender")
    said = cannot_be_kept(OSError(28, os.strerror(28)))
    assert (
        said == "the cache /kept/recommender cannot be used (No space left on device; XDG_CACHE_HOME sets where it is)"
    )
    assert "(odd; XDG_CACHE_HOME" in cannot_be_kept(OSError("odd"))
