"""A commit is checked out as others get it, and has all that it consists of."""

import os
from pathlib import Path

import pytest
from published import Published

from recommender.errors import RecommenderError
from recommender.releases.checks import _some, require_clean_tree
from recommender.releases.clone import fresh_clone
from recommender.releases.hidden import hidden_by, require_nothing_unseen, require_whole
from recommender.serving.repository import Repository


def head(small: Published) -> str:
    return small.git("rev-parse", "HEAD").strip()


def test_a_clone_has_the_files_of_the_commit_and_nothing_of_this_checkout(
    small: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = head(small)
    small.write("new", "content")
    small.write(".git/info/attributes", "* text eol=crlf\n")
    small.write(".git/hooks/post-checkout", f"#!/bin/sh\ntouch {small.root}/evidence\n")
    (small.root / ".git/hooks/post-checkout").chmod(0o755)
    small.write("file", "changed\n")
    small.commit("Go on")
    monkeypatch.setenv("GIT_DIR", str(small.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(small.root))
    with fresh_clone(small.root, commit) as clone:
        assert {path.name for path in clone.iterdir()} == {".git", "file"}
        assert (clone / "file").read_bytes() == b"content"
        assert clone == clone.resolve()
        assert "objects" in (clone / ".git/objects/info/alternates").read_text()
        assert not list(clone.glob(".git/hooks/*"))
    assert not clone.parent.exists()
    assert (small.root / "file").read_text() == "changed\n"
    assert not (small.root / "evidence").exists()


def test_a_clone_knows_no_settings_filters_or_replacements_of_ones_own(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        f'[filter "x"]\n\tsmudge = tr a-z A-Z\n[core]\n\tattributesFile = {tmp_path}/attributes\n\tautocrlf = true\n'
        f"\thooksPath = {tmp_path}\n[init]\n\ttemplateDir = {tmp_path}\n"
    )
    (tmp_path / "attributes").write_text("* filter=x\n")
    (tmp_path / "post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path}/evidence\n")
    (tmp_path / "post-checkout").chmod(0o755)
    small.write("file", "content\n")
    small.write(".gitattributes", "* filter=x\n")
    commit = small.commit("Choose a filter")
    small.write("file", "other")
    small.git("replace", commit, small.commit("Other"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    with fresh_clone(small.root, commit) as clone:
        assert (clone / "file").read_bytes() == b"content\n"
    assert not (tmp_path / "evidence").exists()


def test_a_commit_that_is_not_there_is_one_line(small: Published) -> None:
    with (
        pytest.raises(RecommenderError, match=r"the commit cannot be checked out in a fresh clone: .*0000"),
        fresh_clone(small.root, "0" * 40),
    ):
        pass


def test_a_repository_of_longer_hashes_is_cloned(small: Published, tmp_path: Path) -> None:
    other = Published(tmp_path / "other", tmp_path)
    other.root.mkdir()
    other.git("init", "--quiet", "--object-format=sha256")
    other.write("file", "content")
    commit = other.commit()
    assert len(commit) == 64
    with fresh_clone(other.root, commit) as clone:
        assert (clone / "file").read_text() == "content"
    assert head(small)


@pytest.mark.parametrize("flag", ["skip-worktree", "assume-unchanged"])
def test_a_file_that_git_is_told_not_to_look_at_is_named(flag: str, small: Published) -> None:
    small.write("other name", "x")
    small.commit()
    require_nothing_unseen(small.root)
    small.git("update-index", f"--{flag}", "other name")
    with pytest.raises(RecommenderError, match=f"other name is flagged {flag}, .*`git update-index --no-{flag} other"):
        require_nothing_unseen(small.root)
    with pytest.raises(RecommenderError, match="is flagged"):
        require_clean_tree(Repository(small.root))


def test_a_file_with_both_flags_is_named(small: Published) -> None:
    small.git("update-index", "--skip-worktree", "file")
    small.git("update-index", "--assume-unchanged", "file")
    with pytest.raises(RecommenderError, match="file is flagged skip-worktree"):
        require_nothing_unseen(small.root)


def test_a_tree_is_clean_when_git_has_all_there_is(small: Published) -> None:
    require_clean_tree(Repository(small.root))
    small.write("new", "")
    with pytest.raises(
        RecommenderError, match="new is not committed; `git add` and `git commit`, or `git stash`, first"
    ):
        require_clean_tree(Repository(small.root))
    small.write("file", "changed")
    with pytest.raises(RecommenderError, match="file, new are not committed"):
        require_clean_tree(Repository(small.root))


def test_a_link_within_is_no_matter_and_one_that_leads_out_is(small: Published, tmp_path: Path) -> None:
    (small.root / "within").symlink_to("file")
    commit = small.commit()
    with fresh_clone(small.root, commit) as clone:
        require_whole(small.root, commit, clone)
    outside = tmp_path / "outside"
    for number, target in enumerate((outside, Path("../x"))):
        (small.root / f"a\tlink {number}").symlink_to(target)
        commit = small.commit()
        with (
            fresh_clone(small.root, commit) as clone,
            pytest.raises(RecommenderError, match=rf"a\tlink {number} is a link to {target}, outside the repository"),
        ):
            require_whole(small.root, commit, clone)
        small.git("rm", "--quiet", f"a\tlink {number}")


def test_a_submodule_is_refused(small: Published) -> None:
    small.git("update-index", "--add", "--cacheinfo", f"160000,{head(small)},below/sub module")
    small.git("commit", "--quiet", "--message", "A submodule")
    with pytest.raises(RecommenderError, match=r"^below/sub module is a submodule, which a clone leaves empty"):
        require_whole(small.root, head(small), small.root)


def test_what_hides_a_file_from_git_is_named(small: Published) -> None:
    small.write(".git/info/exclude", "# mine\n*.swp\nnotes*\n!notes:1:x\n")
    small.write("below/.gitignore", "a\n")
    found = hidden_by(small.root, ["file", "x.swp", "notes", "below/a", "below/b", ":(top)*.swp", "*.swp"])
    exclude = ".git/info/exclude"
    assert found == {
        "x.swp": f"{exclude}:2", "notes": f"{exclude}:3", "below/a": "below/.gitignore:1",
        ":(top)*.swp": f"{exclude}:2", "*.swp": f"{exclude}:2",
    }  # fmt: skip


def test_a_file_that_git_has_is_hidden_all_the_same_by_a_pattern_that_others_lack(small: Published) -> None:
    small.write(".git/info/exclude", "file\n")
    assert hidden_by(small.root, ["file"]) == {"file": ".git/info/exclude:1"}


def test_names_of_any_bytes_are_no_matter(small: Published) -> None:
    name = os.fsdecode(b"b\xff")
    small.write(name, "content")
    small.write(f"{name} below/.gitignore", "a\n")
    small.git("config", "core.quotePath", "false")
    commit = small.commit()
    require_nothing_unseen(small.root)
    with fresh_clone(small.root, commit) as clone:
        require_whole(small.root, commit, clone)
    assert hidden_by(small.root, [f"{name} below/a"]) == {f"{name} below/a": "b\ufffd below/.gitignore:1"}
    small.git("update-index", "--skip-worktree", name)
    with pytest.raises(RecommenderError, match="b\ufffd is flagged"):
        require_nothing_unseen(small.root)


def test_of_many_names_three_are_said() -> None:
    assert _some(["a"]) == "a is"
    assert _some(["a", "b", "c"]) == "a, b, c are"
    assert _some(iter("abcd")) == "a, b, c and 1 more are"
    assert _some("abcdef") == "a, b, c and 3 more are"
    assert _some("ab", 1) == "a and 1 more are"
