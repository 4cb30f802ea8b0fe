"""A commit as others get it: checked out aside, with nothing of this checkout's own settings."""

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
"""Git without the settings, attributes and replaced objects that are somebody's own."""
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
    """Check a commit out to a temporary folder, as a fresh clone of it would be; it is deleted at the end.

    The objects are those of the repository, and nothing is copied but the files. Filters, attributes, ignored files and
    flags of the index that are only in this checkout have no effect there.

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
        # Realpath, since DVC and the links of the commit are compared with it.
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
        raise RecommenderError(f"the commit cannot be checked out as others would: {said(done)}")
