"""The artifacts of a revision are fetched once, kept by their hash, and compared with it each time."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from loopback import web_server
from published import Published

from recommender.errors import RecommenderError
from recommender.serving.repository import Repository
from recommender.serving.revision import Revision

NAME = "ids.json"


@pytest.fixture
def one(small: Published, monkeypatch: pytest.MonkeyPatch) -> Published:
    """A repository that records one artifact and names its storage."""
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(small.root.parent / "none"))
    monkeypatch.setenv("DVC_SYSTEM_CONFIG_DIR", str(small.root.parent / "none"))
    small.store({"data/matrix/ids.json": b"{}"})
    small.configure()
    small.commit("Publish")
    small.git("tag", "recommender@v1.0.0")
    return small


def kept() -> Path:
    md5 = hashlib.md5(b"{}", usedforsecurity=False).hexdigest()
    return Path.home() / "cache/recommender/artifacts" / md5[:2] / md5[2:]


def stored(one: Published) -> Path:
    return one.storage / "files/md5" / kept().parent.name / kept().name


def revision(location: str | Path, rev: str = "v1.0.0") -> Revision:
    return Revision(Repository(location), rev)


def read(location: str | Path, rev: str = "v1.0.0") -> bytes:
    return revision(location, rev).read("matrix", NAME)


def refused(location: str | Path, rev: str = "v1.0.0") -> str:
    with pytest.raises(RecommenderError) as error:
        read(location, rev)
    assert str(error.value).isprintable()
    return str(error.value)


def test_it_says_which_commit_it_is_and_reads_its_files(one: Published) -> None:
    found = revision(one.root)
    assert found.describe() == {"revision": "v1.0.0"} | Repository(one.root).describe(found.commit)
    assert found.file("file") == b"content"
    assert found.lock.output("matrix", NAME).size == 2
    one.write("below/dvc.lock", "stages: {}\n")
    one.commit()
    with pytest.raises(RecommenderError, match="below is a folder inside a Git repository"):
        revision(one.root / "below", "HEAD")


@pytest.mark.parametrize("is_local", [True, False])
def test_an_artifact_is_fetched_once_and_then_taken_from_what_is_kept(is_local: bool, one: Published) -> None:
    location = one.root if is_local else one.url
    assert read(location) == b"{}"
    assert kept().read_bytes() == b"{}"
    assert [path.name for path in kept().parent.iterdir()] == [kept().name], "nothing else is left"
    shutil.rmtree(one.storage)
    assert read(location) == b"{}"
    kept().write_bytes(b"[]")
    said = refused(location)
    what = f"data/matrix/ids.json of v1.0.0 (MD5 {kept().parent.name}{kept().name})"
    assert said == f"{what} is in neither DVC's cache nor the remote; whoever has it can `dvc push` it"
    stored(one).parent.mkdir(parents=True)
    stored(one).write_bytes(b"{}")
    assert read(location) == b"{}"


@pytest.mark.parametrize("is_local", [True, False])
def test_other_bytes_under_the_hash_are_refused_and_not_kept(is_local: bool, one: Published) -> None:
    stored(one).write_bytes(b"[]")
    said = refused(one.root if is_local else one.url)
    assert said.startswith("data/matrix/ids.json is refused: its MD5 is ")
    assert "DVC's cache or the remote has other bytes under this hash; docs/storage.md says what to do" in said
    assert not kept().exists()
    assert list(kept().parent.iterdir()) == []


def test_where_nothing_can_be_kept_that_is_said(one: Published) -> None:
    kept().parent.parent.mkdir(parents=True)
    kept().parent.touch()
    assert "cannot be used (File exists; XDG_CACHE_HOME sets where it is), and data/matrix/ids.json" in refused(
        one.root
    )
    kept().parent.unlink()
    kept().mkdir(parents=True)
    assert refused(one.root) == f"data/matrix/ids.json cannot be kept in {kept().parent}: Is a directory"
    assert [path.name for path in kept().parent.iterdir()] == [kept().name]


def test_a_storage_that_cannot_be_read_is_said_with_the_reason(one: Published) -> None:
    stored(one).unlink()
    stored(one).symlink_to(stored(one))
    said = refused(one.url)
    assert "cannot be fetched from DVC's cache or the remote: " in said
    assert said.endswith("Too many levels of symbolic links")


def test_the_storage_is_that_of_the_default_branch_and_else_that_of_the_revision(one: Published) -> None:
    moved = one.storage.rename(one.storage.with_name("moved"))
    one.configure(url=str(moved))
    one.commit("Move")
    assert read(one.url) == b"{}"
    kept().unlink()
    one.write(".dvc/config", "")
    one.commit("Name none")
    moved.rename(one.storage)
    assert read(one.url) == b"{}"
    kept().unlink()
    one.git("tag", "recommender@v2.0.0")
    said = refused(one.url, "v2.0.0")
    assert said == f"{one.url} names no default storage in its .dvc/config: only its owner has the artifacts"
    one.configure("password = x")
    one.commit("Want more")
    said = refused(one.url, "main")
    assert said.startswith(
        f"{one.url} is refused: its storage needs 'password', which a repository elsewhere may not set"
    )
    assert said.endswith("; clone it, and use it as a checkout")


def test_where_the_default_branch_has_nothing_the_revision_counts(one: Published) -> None:
    one.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    assert read(one.url) == b"{}"


def test_a_folder_beside_the_repository_is_found_by_its_path(one: Published, tmp_path: Path) -> None:
    one.configure(url="../../storage")
    one.commit()
    spaced = one.root.rename(tmp_path / "a b%41")
    assert read(spaced.as_uri()) == b"{}"
    kept().unlink()
    assert read(f"file://localhost{spaced.as_uri().removeprefix('file://')}") == b"{}"


def test_for_a_repository_of_another_machine_a_folder_is_no_storage(one: Published) -> None:
    one.git("update-server-info")
    with web_server(one.root / ".git") as url:
        for place in (url, url.replace("127.0.0.1", "localhost")):
            assert "its storage is a folder on the machine where it was made" in refused(place)
    assert "its storage is a folder on the machine where it was made" in refused(f"file://elsewhere{one.root}")


def test_a_storage_that_lacks_the_object_is_asked_once(one: Published, tmp_path: Path) -> None:
    heard: list[dict[str, str]] = []
    with web_server(tmp_path / "none", heard) as url:
        one.configure(url=url)
        one.commit("Move")
        assert "is in neither DVC's cache nor the remote" in refused(one.url)
    assert len(heard) == 1


def test_temporary_files_may_be_on_another_disk(one: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path("/dev/shm")  # noqa: S108 - it is only a place that is elsewhere
    if not other.is_dir() or other.stat().st_dev == one.root.stat().st_dev:
        pytest.skip("there is no other disk")
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    assert read(one.root) == b"{}"
