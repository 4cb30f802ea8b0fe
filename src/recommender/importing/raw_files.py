"""Replacing the raw files without losing what was there."""

import filecmp
import shutil
from collections.abc import Mapping
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.files.atomic import open_atomically
from recommender.git import git
from recommender.project import RAW, dvc

CHUNK = 1 << 20


def refuse_to_lose(root: Path, sources: Mapping[str, Path]) -> None:
    """Check that every raw file about to be replaced can be brought back by Git or DVC, or stays the same.

    Parameters
    ----------
    root
        The project's folder.
    sources
        The file that is to become `data/raw/<name>`, by name.

    Raises
    ------
    RecommenderError
        A raw file has content that is nowhere else.
    """
    for name, source in sources.items():
        path = RAW / name
        if not (root / path).exists() or filecmp.cmp(root / path, source, shallow=False):
            continue
        if not (_git_has(root, path) or _dvc_has(root, path)):
            raise RecommenderError(
                f"{path} has content that neither Git nor DVC has; commit it (or `dvc add {path}`) first, "
                "or pass --force to lose it"
            )


def replace(root: Path, sources: Mapping[str, Path]) -> None:
    """Copy each source to `data/raw/<name>`; each file is replaced whole or not at all."""
    for name, source in sources.items():
        # DVC may have linked the present file to its cache: a new file takes its name, nothing is written into it.
        with source.open("rb") as content, open_atomically(root / RAW / name) as stream:
            shutil.copyfileobj(content, stream, CHUNK)


def put_under_dvc(root: Path, names: list[str]) -> None:
    """Have DVC track the raw files, and Git only their hashes."""
    paths = [str(RAW / name) for name in names]
    tracked = git(root, "ls-files", "--", *paths).decode().split()
    if tracked:
        git(root, "rm", "--quiet", "--cached", "--", *tracked)
    dvc(root, "add", "--quiet", *paths)


def _git_has(root: Path, path: Path) -> bool:
    tracked = git(root, "ls-files", "--", str(path)).strip()
    return bool(tracked) and not git(root, "status", "--porcelain", "--", str(path)).strip()


def _dvc_has(root: Path, path: Path) -> bool:
    if not (root / f"{path}.dvc").exists():
        return False
    return "up to date" in dvc(root, "status", f"{path}.dvc")
