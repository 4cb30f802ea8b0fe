"""A repository is read as Git has it: names, files byte by byte, and what differs, without checking anything out."""

import logging
import os
import tempfile
from pathlib import Path

import pytest
from published import Published

import recommender.serving.repository
from recommender.errors import RecommenderError
from recommender.serving.repository import COMMIT, LARGEST_FILE, Repository


def head(small: Published) -> str:
    return small.git("rev-parse", "HEAD").strip()


def mirror() -> Path:
    (found,) = (Path.home() / "cache/recommender/repositories").glob("*.git")
    return found


def test_a_checkout_is_read_where_it_is_and_another_repository_from_a_copy(small: Published) -> None:
    here, there = Repository(small.root), Repository(small.url)
    assert (here.is_local, here.folder, here.location) == (True, small.root, str(small.root))
    assert (there.is_local, there.folder, there.location) == (False, mirror(), small.url)
    for repository in (here, there):
        repository.require_root()
        assert repository.default_branch() == repository.commit("main") == head(small)
        assert repository.file(head(small), "file") == b"content"


def test_a_bare_repository_is_copied_as_one_elsewhere(small: Published, tmp_path: Path) -> None:
    small.git("clone", "--quiet", "--bare", os.fspath(small.root), os.fspath(tmp_path / "bare"))
    repository = Repository(tmp_path / "bare")
    assert (repository.is_local, repository.url) == (False, (tmp_path / "bare").as_uri())
    assert repository.commit("main") == head(small)


def test_a_folder_that_is_none_or_lies_within_is_told(small: Published, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(
        RecommenderError, match=rf"{tmp_path}/none is not a Git repository that can be read: fatal: not a git"
    ):
        Repository(tmp_path / "none")
    with pytest.raises(RecommenderError, match=r"^a\\x00b is not a repository"):
        Repository("a\0b")
    small.write(os.fsdecode(b"\xff/file"), "x")
    with pytest.raises(RecommenderError, match="is a folder inside a Git repository"):
        Repository(small.root / os.fsdecode(b"\xff")).require_root()
    small.write("below/file", "x")
    with pytest.raises(RecommenderError, match="below is a folder inside a Git repository; only a project in a"):
        Repository(small.root / "below").require_root()


@pytest.mark.usefixtures("small")
def test_passwords_and_control_characters_are_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(RecommenderError) as error:
        Repository(f"http://me:secret@127.0.0.1:9/\x1b/{tmp_path.name}")
    assert str(error.value).startswith(f"http://127.0.0.1:9/\\x1b/{tmp_path.name} cannot be cloned: ")
    assert "secret" not in str(error.value)


def test_a_name_is_a_release_before_it_is_anything_else(small: Published) -> None:
    first = head(small)
    small.git("tag", "recommender@v1.0.0")
    second = small.commit("Go on")
    small.git("tag", "v1.0.0")
    small.git("branch", "v2.0.0")
    for location in (small.root, small.url):
        repository = Repository(location)
        for name, wanted in {
            "v1.0.0": first, "recommender@v1.0.0": first, "v2.0.0": second, "HEAD": second, "HEAD~1": first,
            first: first, first[:10]: first, "refs/tags/v1.0.0": second,
        }.items():  # fmt: skip
            assert repository.commit(name) == wanted, name
        for name in (
            "none",
            "",
            "^HEAD",
            "--all",
            "HEAD:file",
            "HEAD^{tree}",
            "a b",
            "0" * 40,
            "\x1b",
            "HEAD~9",
            "main..main",
        ):
            with pytest.raises(RecommenderError, match="has no release, stage, tag, branch or commit") as error:
                repository.commit(name)
            assert repr(name) in str(error.value)
        with pytest.raises(RecommenderError, match=r"'a\\x00' is not the name of a revision"):
            repository.commit("a\0")


def test_a_stage_is_what_is_assigned_to_it_and_never_a_branch(small: Published) -> None:
    small.git("tag", "--annotate", "--message", "x", "recommender#prod#1")
    small.git("branch", "recommender#dev")
    repository = Repository(small.root)
    assert repository.commit("recommender#prod") == head(small)
    with pytest.raises(RecommenderError, match="has no release, stage"):
        repository.commit("recommender#dev")


def test_a_release_or_a_commit_that_the_copy_has_needs_no_network(
    small: Published, caplog: pytest.LogCaptureFixture
) -> None:
    small.git("tag", "recommender@v1.0.0")
    first = head(small)
    Repository(small.url)
    copy = mirror().stat().st_ino
    second = small.commit("Go on")
    small.git("tag", "--force", "recommender@v1.0.0")
    for name in ("v1.0.0", "recommender@v1.0.0", first):
        repository = Repository(small.url)
        assert repository.commit(name) == first
    assert Repository(small.url).commit(second) == second, "what the copy lacks is fetched"
    assert Repository(small.url).commit("v1.0.0") == second
    third = small.commit("And on")
    repository = Repository(small.url)
    assert repository.commit("main") == third
    fourth = small.commit("Once more")
    assert repository.commit("main") == third, "once fetched is enough"
    assert Repository(small.url).commit(fourth[:12]) == fourth
    assert mirror().stat().st_ino == copy, "a copy that is sound is not made anew"
    assert not caplog.records


def test_what_cannot_be_fetched_is_taken_as_it_was_with_one_warning(
    small: Published, caplog: pytest.LogCaptureFixture
) -> None:
    first = head(small)
    Repository(small.url)
    small.root.rename(small.root.with_name("moved"))
    repository = Repository(small.url)
    with caplog.at_level(logging.WARNING):
        assert repository.commit(first) == first
        assert not caplog.records
        assert [repository.commit("main"), repository.commit("main")] == [first, first]
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{small.url} cannot be fetched, so the last copy of it is used: ")


def test_a_cache_that_cannot_be_written_is_told(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Repository(small.url)
    mirror().with_suffix(".lock").unlink(missing_ok=True)
    mirror().with_suffix(".lock").mkdir()
    assert Repository(small.url).commit("main") == head(small)
    assert "cannot be fetched, so the last copy of it is used: " in caplog.text
    assert "/cache/recommender cannot be used (Is a directory; XDG_CACHE_HOME sets where it is)" in caplog.text
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(
        RecommenderError, match=r"cannot be cloned: .*file/recommender cannot be used \(Not a directory"
    ):
        Repository(small.url)


def test_a_copy_is_made_where_it_will_be_and_temporary_files_may_be_on_another_disk(
    small: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path("/dev/shm")  # noqa: S108 - it is only a place that is elsewhere
    if not other.is_dir() or other.stat().st_dev == small.root.stat().st_dev:
        pytest.skip("there is no other disk")
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    assert Repository(small.url).commit("main") == head(small)


def test_a_hash_has_all_its_digits() -> None:
    for digits, is_one in ((40, True), (64, True), (39, False), (41, False), (63, False), (65, False), (0, False)):
        assert bool(COMMIT.fullmatch("a" * digits)) is is_one
    assert not COMMIT.fullmatch("A" * 40)
    assert not COMMIT.fullmatch("g" * 40)


def test_a_file_is_read_byte_by_byte_whatever_its_name(small: Published) -> None:
    names = ["a b", "tab\there", "ä", os.fsdecode(b"\xff"), ":(top)x", "*", "deep/below/file", "-n"]
    for number, name in enumerate(names):
        small.write(name, b"\r\n\0\xff" * number)
    (small.root / "deep/below/file").chmod(0o755)
    commit = small.commit()
    small.write(".gitattributes", "* text eol=crlf working-tree-encoding=UTF-16 export-subst filter=x diff=x\n")
    small.git("config", "filter.x.smudge", "false")
    small.git("config", "diff.x.textconv", "false")
    repository = Repository(small.root)
    for number, name in enumerate(names):
        (small.root / name).write_text("changed")
        assert repository.file(commit, name) == b"\r\n\0\xff" * number, name


def test_what_a_commit_does_not_have_is_not_taken_from_elsewhere(small: Published) -> None:
    small.write("new", "x")
    small.write("deep/file", "x")
    small.write("file.txt", "x")
    repository = Repository(small.root)
    for name in ("new", "fil", "file/", "deep/file", "f*", "file\x1b"):
        with pytest.raises(RecommenderError, match=f"^commit {head(small)[:10]} of {small.root} has no "):
            repository.file(head(small), name)


def test_a_link_a_folder_and_a_submodule_are_no_files(small: Published) -> None:
    (small.root / "link").symlink_to("file")
    small.write("folder/file", "x")
    small.git("add", "--all")
    small.git("update-index", "--add", "--cacheinfo", f"160000,{head(small)},module")
    small.git("commit", "--quiet", "--message", "x")
    for name in ("link", "folder", "module"):
        with pytest.raises(
            RecommenderError, match=f"{name} of commit .* is refused: it is a link, a folder or a submodule"
        ):
            Repository(small.root).file(head(small), name)


def test_a_file_may_be_so_large_and_no_larger(small: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST_FILE == 16 << 20, "as docs/security.md says"
    monkeypatch.setattr(recommender.serving.repository, "LARGEST_FILE", 7)
    assert Repository(small.root).file(head(small), "file") == b"content"
    monkeypatch.setattr(recommender.serving.repository, "LARGEST_FILE", 6)
    with pytest.raises(RecommenderError, match=r"file of commit .* is refused: it has 7 bytes, and the limit is 6"):
        Repository(small.root).file(head(small), "file")


def lose(folder: Path, name: str) -> None:
    (folder / "objects" / name[:2] / name[2:]).unlink()


def test_of_a_damaged_checkout_it_is_said_what_tells_more(small: Published) -> None:
    blob = small.git("rev-parse", "HEAD:file").strip()
    for lost in (blob, small.git("rev-parse", "HEAD^{tree}").strip()):
        repository = Repository(small.root)
        lose(small.root / ".git", lost)
        with pytest.raises(RecommenderError) as error:
            repository.file(head(small), "file")
        assert str(error.value) == (
            f"file of {head(small)[:10]} of {small.root} cannot be read: `git fsck` shows what is damaged"
        )


def test_a_damaged_copy_is_made_anew_and_where_it_cannot_be_that_is_said(small: Published) -> None:
    repository = Repository(small.url)
    copy = mirror().stat().st_ino
    assert repository.file(head(small), "file") == b"content"
    assert mirror().stat().st_ino == copy
    for pack in [*mirror().rglob("objects/pack/*")]:
        pack.chmod(0o644)
        pack.write_bytes(b"")
    assert repository.file(head(small), "file") == b"content"
    for pack in [*mirror().rglob("objects/pack/*")]:
        pack.chmod(0o644)
        pack.write_bytes(b"")
    commit = head(small)
    small.root.rename(small.root.with_name("moved"))
    with pytest.raises(
        RecommenderError, match=r"file of .* cannot be read: its copy is damaged, and cannot be made again"
    ):
        repository.file(commit, "file")


def test_a_commit_is_described_by_its_date_and_first_line(small: Published) -> None:
    small.git("config", "log.showSignature", "true")
    small.git("commit", "--quiet", "--allow-empty", "--message", "One\ntwo\n\nthree", "--date", "2020-01-01T00:00:00Z")
    found = Repository(small.root).describe(head(small))
    assert (found["commit"], found["subject"]) == (head(small), "One two")
    assert found["date"] == small.git("log", "-1", "--format=%cI").strip()
    tree, who = small.git("rev-parse", "HEAD^{tree}").strip().encode(), b"T <t@x> 1700000000 +0000"
    content = b"tree %s\nauthor %s\ncommitter %s\n\na\xff\n" % (tree, who, who)
    made = small.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=content).strip()
    assert Repository(small.root).describe(made)["subject"] == "a\ufffd"


def test_releases_are_listed_the_newest_first_and_odd_ones_told(
    small: Published, caplog: pytest.LogCaptureFixture
) -> None:
    first = head(small)
    small.git("tag", "recommender@v9.0.0")
    second = small.commit("Go on")
    small.git("tag", "recommender@v10.0.0")
    small.git("tag", "recommender@v11.0.0", "HEAD:file")
    with caplog.at_level(logging.WARNING):
        assert list(Repository(small.root).releases().items()) == [("v10.0.0", second), ("v9.0.0", first)]
    (record,) = caplog.records
    assert record.getMessage() == "v11.0.0 is not a release: the tag recommender@v11.0.0 does not point to a commit"


def test_what_differs_from_the_commit_is_named(small: Published) -> None:
    small.write("below/tracked", "x")
    small.commit()
    assert Repository(small.root).changed() == []
    small.write("file", "changed")
    small.write("new folder/a", "x")
    small.write("below/ä", "x")
    small.git("config", "status.showUntrackedFiles", "no")
    assert Repository(small.root).changed() == ["file", '"below/\\303\\244"', '"new folder/"']
    small.git("config", "core.quotePath", "false")
    small.write(os.fsdecode(b"below/\xff"), "x")
    (small.root / "below/ä").unlink()
    assert Repository(small.root / "below").changed() == ["below/\ufffd"]
