"""Running Git."""

import os
import re
import subprocess
from pathlib import Path

from recommender.errors import RecommenderError

LOCATIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")
"""What Git tells its hooks about the repository that it works in; it must not lead to another one than is asked for."""
AT_MOST = 300
"""How many characters of what Git says are shown."""


def attempt(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run Git in a folder, and tell how that ended."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCATIONS}
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, check=False, env=environment | {"LC_ALL": "C"})


def git(folder: Path, *arguments: str | Path) -> bytes:
    """Run Git in a folder, and return what it prints.

    Raises
    ------
    RecommenderError
        Git failed; the message says what Git says.
    """
    done = attempt(folder, *arguments)
    if done.returncode:
        raise RecommenderError(f"`git {arguments[0]}` in {folder} failed: {said(done)}")
    return done.stdout


def said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Give what Git complained about, in one line and without passwords."""
    text = " ".join(done.stderr.decode(errors="replace").split()) or f"exit code {done.returncode}"
    shown = without_password(text)
    return shown if len(shown) <= AT_MOST else f"... {shown[-AT_MOST:]}"


def without_password(text: str) -> str:
    """Leave out who one is, in the URLs of a text."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)
