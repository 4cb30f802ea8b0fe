"""The checkout that a command works in: its folder, its raw files, and DVC there."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.text import one_line

RAW = Path("data/raw")
"""Where the raw files are, below the project's folder."""


def project_root() -> Path:
    """Return the current folder or the nearest one above it that has a `dvc.yaml`.

    Raises
    ------
    RecommenderError
        There is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise RecommenderError(f"there is no dvc.yaml in {here} or above it; go to the project's folder")


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Give an empty folder on the disk of the project, which is gone afterwards."""
    if not (root / ".dvc").is_dir():
        raise RecommenderError(f"there is no folder .dvc in {root}; `git checkout .dvc` brings it back")
    with tempfile.TemporaryDirectory(dir=root / ".dvc", prefix="scratch-") as folder:
        yield Path(folder)


def dvc(root: Path, *arguments: str) -> str:
    """Run DVC in `root` and return what it prints."""
    command = [sys.executable, "-m", "dvc", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        said = one_line(done.stderr or done.stdout)
        raise RecommenderError(f"`dvc {' '.join(arguments)}` failed: {said}")
    return done.stdout
