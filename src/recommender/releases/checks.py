"""The checks that a commit must pass before it becomes a release."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo

from recommender.errors import RecommenderError
from recommender.releases.clone import fresh_clone
from recommender.releases.hidden import hidden_by, require_nothing_unseen, require_whole
from recommender.releases.others import Others, as_others
from recommender.serving.repository import Repository
from recommender.text import one_line


def require_clean_tree(repository: Repository) -> None:
    """Require that everything is committed, so that the release is what was tried.

    Raises
    ------
    RecommenderError
        A file is changed or untracked, or Git is told not to look at it.
    """
    require_nothing_unseen(repository.folder)
    if changed := repository.changed():
        raise RecommenderError(f"{_some(changed)} not committed; `git add` and `git commit`, or `git stash`, first")


def require_reproduced(root: Path) -> None:
    """Require that every artifact belongs to the present data, params and code.

    Raises
    ------
    RecommenderError
        `dvc status` reports a change, or fails.
    """
    try:
        with Repo(str(root)) as repo:
            changed = sorted(repo.status())
    except DvcException as error:
        raise RecommenderError(f"`dvc status` failed: {one_line(error)}") from None
    if changed:
        raise RecommenderError(f"{_some(changed)} not up to date; `dvc repro`, look at the metrics and commit first")


def require_reachable(root: Path, commit: str) -> None:
    """Require that a fresh clone of the commit has all that ran here, and the storage that it names every artifact.

    Raises
    ------
    RecommenderError
        The commit is not what ran here, or the storage that it names lacks something or cannot be read.
    """
    with fresh_clone(root, commit) as clone, ExitStack() as opened:
        require_whole(root, commit, clone)
        with _in_one_line("DVC cannot open a fresh clone of the commit", clone):
            others = opened.enter_context(as_others(root, clone))
        with _in_one_line("`dvc status` failed in a fresh clone of the commit", clone):
            changed = others.changed()
        if changed:
            raise RecommenderError(_why(others, root, clone, changed))
        with _in_one_line("the remote storage cannot be checked", clone):
            missing = others.missing()
        if missing:
            raise RecommenderError(f"{_some(missing)} not in the remote storage{_elsewhere(others)}; `dvc push` first")


@contextmanager
def _in_one_line(failed: str, clone: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever DVC and the storage's own library raise
        said = one_line(error)
        raise RecommenderError(f"{failed}: {said.replace(str(clone), 'the commit')}") from None


def _why(others: Others, root: Path, clone: Path, changed: dict[str, list[str]]) -> str:
    """Explain why stages that are up to date here are not in a fresh clone."""
    files = sorted({file for reasons in changed.values() for file in reasons})
    sources = [name for file in files for name in others.sources(root, file)]
    for name, source in hidden_by(root, (name for name in sources if not (clone / name).exists())).items():
        return f"{name} is not in the commit: {source} hides it from Git; `git add --force {name}` and commit"
    for name in sources:
        if (clone / name).is_file() and (clone / name).read_bytes() != (root / name).read_bytes():
            return (
                f"{name} differs between the commit and here, and Git does not show it, which a filter or an attribute "
                f"can cause; see `git check-attr --all {name}`"
            )
    named = f" ({', '.join(files[:3])})" if files else ""
    return f"{_some(sorted(changed))} not up to date in a fresh clone of the commit{named}; commit what they need"


def _elsewhere(others: Others) -> str:
    here = others.elsewhere()
    return f" that the commit names (here, your own DVC settings name another, {here})" if here else ""


def _some(names: Iterable[str], at_most: int = 3) -> str:
    listed = list(names)
    more = len(listed) - at_most
    shown = ", ".join(listed[:at_most]) + (f" and {more} more" if more > 0 else "")
    return f"{shown} {'is' if len(listed) == 1 else 'are'}"
