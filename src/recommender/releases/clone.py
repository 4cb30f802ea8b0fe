"""A commit as others get it: checked out elsewhere, without this machine's own settings."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.git import git, said

NOTHING_OF_MINE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""Variables that keep the user's own settings, attributes and replaced objects from Git."""
OPTIONS = (
    "-c",
    f"core.attributesFile={os.devnull}",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "advice.detachedHead=false",
)


@contextmanager
def fresh_clone(root: Path, commit: str) -> Iterator[Path]:
    """Check a commit out to a temporary folder, as a fresh clone would, and delete it afterwards.

    The clone borrows the repository's objects; only files are written. Filters, attributes, ignored files and flags of
    the index that exist only in this checkout have no effect there.

    Raises
    ------
    RecommenderError
        The commit cannot be checked out.
    """
    objects, kind = (
        git(root, "rev-parse", *asked).decode().strip()
        for asked in (("--path-format=absolute", "--git-path", "objects"), ("--show-object-format",))
    )
    with tempfile.TemporaryDirectory(prefix="recommender-release-") as folder:
        # Resolved, because the paths of DVC and of the commit's links are compared with it.
        clone = Path(folder).resolve() / "clone"
        _git(clone.parent, "init", "--quiet", "--template=", f"--object-format={kind}", str(clone))
        alternates = clone / ".git/objects/info/alternates"
        alternates.write_text(objects + "\n")
        _git(clone, "checkout", "--quiet", "--detach", commit)
        yield clone


def _git(folder: Path, *arguments: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *OPTIONS, *arguments], cwd=folder, capture_output=True, check=False, env=own | NOTHING_OF_MINE
    )
    if done.returncode:
        raise RecommenderError(f"the commit cannot be checked out in a fresh clone: {said(done)}")
