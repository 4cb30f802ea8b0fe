"""The checkout that a command works in: its folder, its raw files and its DVC."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.text import one_line

RAW = Path("data/raw")
"""The folder of the raw files, relative to the project's folder."""


def project_root() -> Path:
    """Return the nearest folder with a `dvc.yaml`: the current one, or one above it.

    Raises
    ------
    RecommenderError
        No such folder has one.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise RecommenderError(f"there is no dvc.yaml in {here} or above it; go to the project's folder")


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Provide an empty folder on the project's disk, and delete it afterwards."""
    if not (root / ".dvc").is_dir():
        raise RecommenderError(f"there is no folder .dvc in {root}; `git checkout .dvc` brings it back")
    with tempfile.TemporaryDirectory(dir=root / ".dvc", prefix="scratch-") as folder:
        yield Path(folder)


def dvc(root: Path, *arguments: str) -> str:
    """Run DVC in `root` and return what it prints.

    Raises
    ------
    RecommenderError
        DVC failed; the message quotes what it says.
    """
    command = [sys.executable, "-m", "dvc", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        said = one_line(done.stderr or done.stdout)
        raise RecommenderError(f"`dvc {' '.join(arguments)}` failed: {said}")
    return done.stdout
