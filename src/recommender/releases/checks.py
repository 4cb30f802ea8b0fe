"""What must hold before a revision becomes a release."""

from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo

from recommender.errors import RecommenderError
from recommender.serving.repository import Repository


def require_clean_tree(repository: Repository) -> None:
    """Require that Git has all there is, so that the release is what was tried.

    Raises
    ------
    RecommenderError
        A file is changed or not tracked.
    """
    if changed := repository.changed():
        raise RecommenderError(f"{_some(changed)} not committed; `git add` and `git commit`, or `git stash`, first")


def require_reproduced(root: Path) -> None:
    """Require that every artifact is that of the present data, params and code.

    Raises
    ------
    RecommenderError
        `dvc status` has something to say, or cannot be asked.
    """
    try:
        with Repo(str(root)) as repo:
            changed = sorted(repo.status())
    except DvcException as error:
        raise RecommenderError(f"`dvc status` failed: {' '.join(str(error).split())}") from None
    if changed:
        raise RecommenderError(f"{_some(changed)} not up to date; `dvc repro`, look at the metrics and commit first")


def require_pushed(root: Path) -> None:
    """Require that others can pull every artifact.

    Raises
    ------
    RecommenderError
        The remote lacks something, cannot be reached, or there is none.
    """
    try:
        with Repo(str(root)) as repo:
            missing = sorted(repo.status(cloud=True))
    except Exception as error:  # noqa: BLE001 - whatever the storage's own library raises
        said = " ".join(str(error).split()) or type(error).__name__
        raise RecommenderError(f"the remote storage cannot be asked what it has: {said}") from None
    if missing:
        raise RecommenderError(f"{_some(missing)} not in the remote storage; `dvc push` first")


def _some(names: list[str], at_most: int = 3) -> str:
    more = len(names) - at_most
    listed = ", ".join(names[:at_most]) + (f" and {more} more" if more > 0 else "")
    return f"{listed} {'is' if len(names) == 1 else 'are'}"
