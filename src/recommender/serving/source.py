"""Sources of artifacts: a checkout, or a Git revision."""

import io
from pathlib import Path
from typing import Any, Protocol

from recommender.errors import RecommenderError
from recommender.files.json_files import read_json
from recommender.project import project_root
from recommender.serving.lock import Lock
from recommender.serving.repository import Repository
from recommender.serving.revision import Revision
from recommender.serving.workspace import Workspace


class Source(Protocol):
    """The artifacts that a `dvc.lock` records, verified, and the files in Git."""

    lock: Lock

    def read(self, stage: str, name: str) -> bytes:
        """Read an output of a stage by its file name."""

    def file(self, path: str) -> bytes:
        """Read a file in Git, by its path relative to the project's folder."""

    def describe(self) -> dict[str, str]:
        """Describe the commit: its hash, date and subject, and whether files differ from it."""


def open_source(rev: str | None, repo: str | Path | None) -> Workspace | Revision:
    """Open a checkout, or a revision of a repository; see `recommender.Recommender.load`."""
    if rev is not None:
        return Revision(Repository(repo or project_root()), rev)
    if repo is not None and not Path(repo).is_dir():
        raise RecommenderError(
            f"{repo} is not a folder; with the URL of a repository, name a revision, too: rev='v1.0.0'"
        )
    return Workspace(None if repo is None else Path(repo))


def read_metrics(source: Source, stage: str, name: str) -> dict[str, Any]:
    """Read metrics that a stage wrote and Git keeps.

    Raises
    ------
    RecommenderError
        They are missing, or are not those that `dvc.lock` records.
    """
    recorded = source.lock.output(stage, name)
    content = recorded.verified(source.file(recorded.path), "`dvc repro` makes it again")
    try:
        return read_json(io.BytesIO(content))
    except ValueError as error:
        raise RecommenderError(f"{name} is not what this version writes: {error}; `dvc repro` makes it again") from None
