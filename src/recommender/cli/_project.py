"""The checkout that a command works in, and the tools that it calls there."""

import subprocess
import sys
from pathlib import Path

from recommender.errors import RecommenderError

RAW = Path("data/raw")
"""Where the raw files are, below the project's folder."""


def dvc(root: Path, *arguments: str) -> str:
    """Run DVC in `root` and return what it prints."""
    return _run(root, sys.executable, "-m", "dvc", *arguments)


def git(root: Path, *arguments: str) -> str:
    """Run Git in `root` and return what it prints."""
    return _run(root, "git", *arguments)


def _run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        shown = " ".join(command[2:] if command[0] == sys.executable else command)
        raise RecommenderError(f"`{shown}` failed: {said}")
    return done.stdout
