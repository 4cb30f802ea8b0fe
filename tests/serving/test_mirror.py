"""A copy of a repository elsewhere heals: it is a copy, so a new one can be made."""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from published import ANSWER, Published

import recommender.git
import recommender.serving.mirror
from recommender import Recommender, RecommenderError
from recommender.serving.repository import Repository


def told(url: str, rev: str = "v1.0.0") -> list[str]:
    return [row.program_id for row in Recommender.load(rev=rev, repo=url).recommend("u_0", k=3)]


def mirror() -> Path:
    (found,) = (Path.home() / "cache/recommender/repositories").glob("*.git")
    return found


def truncated(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_packs(copy: Path) -> None:
    for pack in copy.glob("objects/pack/*.pack"):
        truncated(pack)


def cut_blobs(copy: Path) -> None:
    """Damage what the files are in, and leave commits and names as they are."""
    for pack in copy.glob("objects/pack/*.pack"):
        pack.chmod(0o644)
        content = bytearray(pack.read_bytes())
        content[len(content) // 2 : -20] = bytes(len(content) - 20 - len(content) // 2)
        pack.write_bytes(content)


def lose(*names: str) -> Callable[[Path], None]:
    def do(copy: Path) -> None:
        for name in names:
            shutil.rmtree(copy / name) if (copy / name).is_dir() else (copy / name).unlink()

    return do


def write(name: str, content: str) -> Callable[[Path], None]:
    def do(copy: Path) -> None:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(content)

    return do


def empty(copy: Path) -> None:
    shutil.rmtree(copy)
    copy.mkdir()


DAMAGE: dict[str, Callable[[Path], None]] = {
    "a truncated pack": cut_packs,
    "damaged files in a pack": cut_blobs,
    "no objects": lose("objects"),
    "no packs": lose("objects/pack"),
    "HEAD of nonsense": write("HEAD", "nonsense"),
    "an empty HEAD": write("HEAD", ""),
    "no HEAD": lose("HEAD"),
    "packed-refs of nonsense": write("packed-refs", "nonsense"),
    "packed-refs cut off": lambda copy: truncated(copy / "packed-refs"),
    "no refs at all": lose("packed-refs", "refs"),
    "a config of nonsense": write("config", "[[["),
    "an empty config": write("config", ""),
    "nothing": empty,
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("rev", ["v1.0.0", "main"])
def test_a_damaged_copy_is_made_anew(damage: str, rev: str, stranger: Published) -> None:
    assert told(stranger.url, rev) == ANSWER
    DAMAGE[damage](mirror())
    assert told(stranger.url, rev) == ANSWER
    stranger.commit("Go on")
    newest = stranger.git("rev-parse", "HEAD").strip()
    assert Repository(stranger.url).commit("main") == newest
    assert [path.name for path in mirror().parent.iterdir() if path.suffix not in (".git", ".lock")] == []


@pytest.mark.parametrize("damage", ["a truncated pack", "HEAD of nonsense", "packed-refs of nonsense"])
def test_a_damaged_copy_that_cannot_be_made_anew_is_one_line_that_says_so(damage: str, stranger: Published) -> None:
    told(stranger.url)
    DAMAGE[damage](mirror())
    stranger.root.rename(stranger.root.with_name("moved"))
    with pytest.raises(RecommenderError) as error:
        told(stranger.url)
    assert len(str(error.value).splitlines()) == 1
    assert stranger.url in str(error.value)


@pytest.mark.parametrize(
    "left", ["refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "config.lock", "shallow.lock", "FETCH_HEAD.lock"]
)
def test_what_a_killed_fetch_left_does_not_keep_the_copy_from_being_updated(
    left: str, stranger: Published, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(stranger.url, "main") == ANSWER
    write(left, "")(mirror())
    stranger.git("branch", "other")
    newest = stranger.commit("Go on")
    assert Repository(stranger.url).commit("main") == newest
    assert not caplog.records


def test_what_a_killed_clone_left_is_gone_with_the_next_and_no_password_is_kept(
    stranger: Published, tmp_path: Path
) -> None:
    told(stranger.url)
    left = mirror().with_name(f"{mirror().stem}-killed")
    left.mkdir()
    (left / "half").touch()
    cut_packs(mirror())
    assert told(stranger.url) == ANSWER
    assert not left.exists()
    location = f"file://me:secret@localhost{stranger.root}"
    assert Repository(location).commit("main")
    Repository(location).update()
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert not kept


def test_a_branch_that_was_withdrawn_or_rewritten_is_followed(stranger: Published) -> None:
    stranger.git("branch", "gone")
    told(stranger.url, "gone")
    stranger.git("branch", "-D", "gone")
    stranger.git("branch", "gone/below")
    rewritten = stranger.git("commit", "--quiet", "--amend", "--message", "Other") or stranger.git("rev-parse", "HEAD")
    repository = Repository(stranger.url)
    assert repository.commit("main") == rewritten.strip()
    with pytest.raises(RecommenderError, match="no release, stage, tag, branch or commit 'gone'"):
        repository.commit("gone")


def test_a_second_process_does_not_wait_for_ever_for_the_first(
    stranger: Published, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told(stranger.url, "main")
    monkeypatch.setattr(recommender.serving.mirror, "PATIENCE", 0.5)
    with mirror().with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert told(stranger.url, "main") == ANSWER
        assert "another process has been updating it for 0 seconds" in caplog.text
        shutil.rmtree(mirror())
        with pytest.raises(RecommenderError, match="cannot be cloned: another process has been updating it"):
            told(stranger.url)


@pytest.mark.usefixtures("stranger")
def test_whatever_a_transfer_starts_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper that hangs, here in the place of ssh, is ended, too, and keeps nobody waiting."""
    helper = tmp_path / "ssh"
    helper.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nsleep 300 &\nwait\n")
    helper.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(helper))
    # Long enough for the helper to begin on a busy machine.
    monkeypatch.setattr(recommender.git, "SILENCE", 4.0)
    with pytest.raises(RecommenderError, match="the other side said nothing"):
        Repository("ssh://127.0.0.1/x.git")
    process = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}")
    deadline = time.monotonic() + 10
    while process.exists() and " Z " not in (process / "stat").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.exists() or " Z " in (process / "stat").read_text()


def tag(project: Published, name: bytes, *, kind: str = "commit", message: bytes = b"x") -> None:
    """Write a tag as Git itself may refuse to."""
    target = project.git("rev-parse", "HEAD" if kind == "commit" else f"HEAD^{{{kind}}}").strip()
    content = b"object %s\ntype %s\ntag %s\ntagger T <t@x> 1700000000 +0000\n\n%s\n" % (
        target.encode(), kind.encode(), name, message,
    )  # fmt: skip
    made = project.git("hash-object", "-t", "tag", "-w", "--literally", "--stdin", stdin=content).strip()
    (project.root / ".git/refs/tags" / os.fsdecode(name)).write_text(f"{made}\n")


def test_tags_that_are_not_utf_8_or_of_no_commit_hide_no_release(
    stranger: Published, caplog: pytest.LogCaptureFixture
) -> None:
    tag(stranger, b"recommender@v1.1.0\xff")
    tag(stranger, b"\xff\xfe")
    tag(stranger, b"recommender@v1.2.0", kind="tree")
    tag(stranger, b"recommender#prod#1", message=b"\xff")
    tag(stranger, b"recommender#prod#2", kind="tree")
    tag(stranger, b"recommender#\xff#3")
    stranger.git("tag", "recommender@v1.3.0", "HEAD:dvc.lock")
    head = stranger.git("rev-parse", "HEAD").strip()
    for location in (stranger.url, stranger.root):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert Repository(location).releases() == {"v1.0.0": head}
        assert "v1.2.0 is not a release: the tag recommender@v1.2.0 does not point to a commit" in caplog.text
        assert Repository(location).commit("recommender#prod") == head
        for rev in ("v1.2.0", "v1.3.0", "recommender#\udcff"):
            with pytest.raises(RecommenderError, match="no release, stage, tag, branch or commit"):
                Repository(location).commit(rev)


def test_releases_are_ordered_as_versions_and_not_as_text(stranger: Published) -> None:
    for version in ("v1.9.0", "v1.10.0", "v10.0.0", "v9.0.0", "v1.9.10"):
        stranger.git("tag", f"recommender@{version}")
    listed = ["v10.0.0", "v9.0.0", "v1.10.0", "v1.9.10", "v1.9.0", "v1.0.0"]
    assert list(Repository(stranger.root).releases()) == listed


@pytest.mark.parametrize("message", ["", "\n\n", "a\x1b]0;b\x07\x9b1m\u2028c", "\xff"])
def test_a_commit_is_described_whatever_its_message(message: str, stranger: Published) -> None:
    commit = stranger.commit(message)
    found = Repository(stranger.root).describe(commit)
    assert found["commit"] == commit
    assert found["subject"] == message.strip("\n")
    assert found["date"][:2] == "20"
