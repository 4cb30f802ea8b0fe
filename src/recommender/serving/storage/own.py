"""Objects from the cache or the remotes of the user's own checkout, through DVC.

The configuration is that of the checkout as it is, never that of another revision: somebody else's branch, fetched to
look at it, does not get to say where artifacts come from, or how.
"""

import shutil
from pathlib import Path
from typing import Any

from recommender.serving.storage.transfer import Failed, Missing
from recommender.text import one_line


def fetch(root: Path, commit: str, path: str, md5: str, target: Path) -> None:
    """Write an object to a file; the caller verifies the bytes.

    Parameters
    ----------
    root
        The checkout's folder.
    commit, path
        The revision that the object belongs to, and its path there: needed only for a remote that the cloud versions,
        which does not name objects by content.
    md5
        The object's name.
    target
        The file to write.

    Raises
    ------
    Missing
        Neither the cache nor a remote has it.
    Failed
        A remote cannot be read, and no other has it.
    """
    from dvc.config import Config, ConfigError

    try:
        config = Config(str(root / ".dvc"))
    except ConfigError as error:
        raise Failed(one_line(error)) from None
    key = ("files", "md5", md5[:2], md5[2:])
    cached = Path(config["cache"].get("dir") or root / ".dvc/cache").joinpath(*key)
    if cached.is_file():
        shutil.copyfile(cached, target)
        return
    default = config["core"].get("remote")
    names = sorted(config["remote"], key=lambda name: name != default)
    if not names:
        raise Failed("no remote is configured; `dvc remote add --default storage URL` adds one")
    problem = None
    for name in names:
        try:
            _from_remote(root, config, name, commit, path, key, target)
        except Missing:
            pass
        except Failed as failed:
            problem = problem or failed
        else:
            return
    raise problem or Missing(str(root))


def _from_remote(
    root: Path, config: Any, name: str, commit: str, path: str, key: tuple[str, ...], target: Path
) -> None:
    from dvc.fs import get_cloud_fs

    try:
        kind, options, folder = get_cloud_fs(config, name=name)
        if options.get("version_aware") or options.get("worktree"):
            _from_versions(root, commit, path, target)
            return
        files = kind(**options)
        files.get_file(files.join(folder, *key), str(target))
    except FileNotFoundError:
        raise Missing(name) from None
    except Exception as error:  # noqa: BLE001 - whatever the storage's own library raises
        raise Failed(one_line(error)) from None


def _from_versions(root: Path, commit: str, path: str, target: Path) -> None:
    """Let DVC find the object: only DVC knows what a cloud calls the versions of a file."""
    from dvc.api import DVCFileSystem
    from dvc.repo import Repo

    with Repo.open(str(root), rev=commit) as repo:
        DVCFileSystem(repo=repo).get_file(path, str(target))
