"""The release of the commit that is checked out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from recommender.errors import RecommenderError
from recommender.git import git
from recommender.releases.checks import require_clean_tree, require_reachable, require_reproduced
from recommender.releases.comparison import compare
from recommender.serving.repository import Repository
from recommender.serving.revision import Revision
from recommender.serving.tags import ARTIFACT, version_key
from recommender.serving.workspace import Workspace


class Release(NamedTuple):
    """A commit and the Git tag that makes it a release."""

    tag: str
    commit: str


def release(
    root: Path,
    version: str,
    *,
    tell: Callable[[str], object],
    message: str | None = None,
    older: bool = False,
    even_if_worse: bool = False,
    dry_run: bool = False,
) -> Release:
    """Tag the checked-out commit as a release, if others can rely on it.

    Parameters
    ----------
    root
        The checkout's folder.
    version
        The version to release, such as ``v1.2.0``.
    tell
        Called with a line on the comparison with the release before it, even when that line is why it is refused.
    message
        The message of the tag; None: ``Release v1.2.0``.
    older
        Release a version that comes before one that is released already.
    even_if_worse
        Release a model that is worse than the last release, or cannot be compared with it.
    dry_run
        Check everything, and set no tag.

    Raises
    ------
    RecommenderError
        Something is not committed, not up to date or not in the storage that the commit names; the version or the
        commit is released already; or the model is worse.
    """
    repository = Repository(root)
    repository.require_root()
    released = repository.releases()
    _require_unreleased(version, released, older=older)
    head = repository.commit("HEAD")
    for other, commit in released.items():
        if commit == head:
            raise RecommenderError(f"this commit is released already, as {other}; commit what is new first")
    require_clean_tree(repository)
    require_reproduced(root)
    require_reachable(root, head)
    last = next((other for other in released if version_key(other) < version_key(version)), None)
    if last:
        _require_no_worse(repository, last, tell, even_if_worse=even_if_worse)
    elif released:
        tell(f"not compared: no release comes before {version}")
    tag = f"{ARTIFACT}@{version}"
    if not dry_run:
        git(root, "tag", "--annotate", "--message", message or f"Release {version}", tag, head)
    return Release(tag, head)


def _require_unreleased(version: str, released: Mapping[str, str], *, older: bool) -> None:
    if version in released:
        raise RecommenderError(f"{version} is released already; see `recommender releases`")
    newest = next(iter(released), None)
    if newest and version_key(version) < version_key(newest) and not older:
        raise RecommenderError(
            f"{newest} is released already, and {version} would come before it; --older releases it anyway"
        )


def _require_no_worse(repository: Repository, last: str, tell: Callable[[str], object], *, even_if_worse: bool) -> None:
    try:
        found = compare(Workspace(repository.folder), Revision(repository, last))
    except RecommenderError as error:
        if not even_if_worse:
            raise RecommenderError(f"{error}; --even-if-worse releases it without a comparison") from None
        tell(f"not compared with {last}: {error}")
        return
    if not found:
        tell(f"not compared with {last}: the test interactions differ")
        return
    shown = f"{found.difference.mean:+.4f} [{found.difference.low:+.4f}, {found.difference.high:+.4f}]"
    tell(f"{found.metric} against {last}, on the same test interactions: {shown}")
    if found.is_worse and not even_if_worse:
        raise RecommenderError(f"the model is worse than {last}; --even-if-worse releases it anyway")
