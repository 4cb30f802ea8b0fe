"""Files that Git is told not to look at, and files of a commit that are not in it."""

import re
from collections.abc import Iterable
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.git import attempt, git

FLAGS = {"S": "skip-worktree", "h": "assume-unchanged", "s": "skip-worktree"}
"""The marks of `git ls-files -v` for files that `git status` skips."""
LINK, SUBMODULE = "120000", "160000"
"""The modes of entries that are not files of the commit itself."""


def require_nothing_unseen(root: Path) -> None:
    """Require that `git status` looks at every tracked file.

    Raises
    ------
    RecommenderError
        A file is flagged so that its changes do not show.
    """
    for line in git(root, "ls-files", "-v", "-z").decode(errors="replace").split("\0"):
        mark, _, path = line.partition(" ")
        if mark in FLAGS:
            flag = FLAGS[mark]
            raise RecommenderError(
                f"{path} is flagged {flag}, so Git does not see whether it is committed; "
                f"`git update-index --no-{flag} {path}`, then look at `git status`"
            )


def require_whole(root: Path, commit: str, clone: Path) -> None:
    """Require that a commit contains everything it consists of.

    Raises
    ------
    RecommenderError
        It has a submodule, or a link that points outside the repository.
    """
    for line in git(root, "ls-tree", "-r", "-z", commit).decode(errors="replace").split("\0"):
        mode, _, path = line.partition(" ")[0], *line.partition("\t")[1:]
        if mode == SUBMODULE:
            raise RecommenderError(
                f"{path} is a submodule, which a clone leaves empty; a release needs its files in the repository itself"
            )
        if mode == LINK and not (clone / path).resolve().is_relative_to(clone):
            raise RecommenderError(
                f"{path} is a link to {(clone / path).readlink()}, outside the repository, where others have "
                "something else or nothing; put the file itself there"
            )


def hidden_by(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Map those of the files that Git ignores to the rule that hides them, such as ``.git/info/exclude:3``."""
    found = {}
    for path in paths:
        # It takes only names, never patterns, and refuses the option that says so.
        done = attempt(root, "--no-literal-pathspecs", "check-ignore", "--verbose", "--no-index", "--", f"./{path}")
        if at := re.match(r"(.+?:\d+):", done.stdout.decode(errors="replace")):
            found[path] = at[1]
    return found
