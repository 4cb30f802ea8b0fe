"""A fresh clone as DVC sees it for others: the commit, its own `.dvc/config`, and the storage named there."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dvc.cachemgr import LEGACY_HASH_NAMES
from dvc.config import Config
from dvc.config_schema import RelPath
from dvc.repo import Repo

from recommender.errors import RecommenderError

# fmt: off
CREDENTIALS = frozenset({
    "user", "password", "ask_password", "keyfile", "passphrase", "ask_passphrase", "allow_agent", "gss_auth",
    "access_key_id", "secret_access_key", "session_token", "profile", "credentialpath",
    "auth", "token", "bearer_token_command", "custom_auth_header", "cert_path", "key_path", "ssl_verify",
    "account_key", "sas_token", "tenant_id", "client_id", "client_secret", "exclude_environment_credential",
    "exclude_visual_studio_code_credential", "exclude_shared_token_cache_credential",
    "exclude_managed_identity_credential", "oss_key_id", "oss_key_secret",
    "gdrive_use_service_account", "gdrive_client_id", "gdrive_client_secret", "gdrive_user_credentials_file",
    "gdrive_service_account_user_email", "gdrive_service_account_json_file_path",
})
# fmt: on
"""A remote's options for logging in, not for finding it; only these may come from the user's own settings."""


@contextmanager
def as_others(root: Path, clone: Path) -> Iterator["Others"]:
    """Open a fresh clone with DVC, taking nothing from this machine but credentials and the cache.

    Parameters
    ----------
    root
        The checkout, whose settings have the user's credentials.
    clone
        The fresh clone; DVC may use its parent folder.
    """
    mine = Config(str(root / ".dvc"))
    own = _credentials(mine)
    with _isolated(clone.parent):
        committed = Config(str(clone / ".dvc"), validate=False).load_one("repo")["remote"]
        given = {name: own[name] for name in own.keys() & committed.keys()}
        # With the cache, the lists of the files in a folder need not be downloaded.
        cache = mine["cache"].get("dir", str(root / ".dvc/cache"))
        with Repo(str(clone), config={"cache": {"dir": cache}, "remote": given}) as repo:
            yield Others(repo, clone, _where(mine))


class Others:
    """DVC's view of a fresh clone.

    Parameters
    ----------
    repo
        The clone, open.
    clone
        Its folder.
    mine
        The URL of the default remote in the checkout that was cloned.
    """

    def __init__(self, repo: Repo, clone: Path, mine: str | None) -> None:
        self._repo = repo
        self._clone = clone
        self._mine = mine

    def changed(self) -> dict[str, list[str]]:
        """Map each stage that would run in the clone to the files that make it run.

        The artifacts are not there, so they are compared by their record: a stage must have read what the one before it
        wrote.
        """
        outs = {out.fs_path: out for stage in self._repo.index.stages for out in stage.outs}
        found: dict[str, list[str]] = {}
        with self._repo.lock:
            for stage in self._repo.index.stages:
                reasons = [self._named(dep) for dep in stage.deps if dep.status() and not _is_recorded(dep, outs)]
                reasons += [self._named(out) for out in stage.outs if out.status() and not _is_recorded(out, outs)]
                if reasons or stage.changed_stage():
                    name = getattr(stage, "name", None) or os.path.relpath(stage.path, self._clone)
                    found[name] = sorted(set(reasons))
        return found

    def missing(self) -> list[str]:
        """List the artifacts that are not in the storage, after asking for each of their objects.

        Raises
        ------
        RecommenderError
            The commit names no storage, or one that only this checkout has.
        """
        wanted: dict[Any, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for out in self._repo.index.outs:
            for odb, objects in out.get_used_objs(force=True).items():
                for found in objects:
                    where = odb or self._default(found.name in LEGACY_HASH_NAMES)
                    wanted[where][found.value].add(self._named(out))
        names = set()
        for odb, objects in wanted.items():
            # Not DVC's status, which trusts an index and, for a folder, only its list.
            lacking = objects.keys() - set(odb.oids_exist(list(objects)))
            names |= {name for found in lacking for name in objects[found]}
        return sorted(names)

    def sources(self, root: Path, file: str) -> list[str]:
        """List the files at or below a path in the checkout that DVC looks at, except artifacts."""
        path = root / file
        below = [found for found in path.rglob("*") if found.is_file()] if path.is_dir() else [path]
        artifacts = {self._named(out) for out in self._repo.index.outs if out.use_cache}
        names = sorted(str(found.relative_to(root)) for found in below)
        ignored = self._repo.dvcignore.is_ignored_file
        return [name for name in names if name not in artifacts and not ignored(str(self._clone / name))]

    def elsewhere(self) -> str | None:
        """Return the storage that DVC uses in the checkout, if it is not the committed one."""
        here, there = self._mine, _where(self._repo.config)
        return here if here and here != there else None

    def _default(self, is_legacy: bool) -> Any:
        config = self._repo.config
        name = config["core"].get("remote")
        if not name:
            raise RecommenderError("the committed .dvc/config names no default remote")
        url = config["remote"].get(name, {}).get("url")
        if url is None:
            raise RecommenderError(f"the committed .dvc/config names the default remote {name!r}, but not where it is")
        if isinstance(url, RelPath):
            relative = os.path.relpath(url, self._clone / ".dvc")
            raise RecommenderError(
                f"the remote {name!r} is {relative}, relative to this checkout's .dvc, where others have nothing; use "
                "an absolute path or a URL"
            )
        return self._repo.cloud.get_remote_odb(hash_name="md5-dos2unix" if is_legacy else "md5")

    def _named(self, file: Any) -> str:
        return os.path.relpath(file.fs_path, self._clone)


def _is_recorded(file: Any, outs: dict[str, Any]) -> bool:
    """Tell whether a file is an artifact, absent from the clone, and the one recorded by the stage that made it."""
    if file.exists:
        return False
    made = outs.get(file.fs_path)
    if made is None:
        return any(out.use_cache and Path(file.fs_path).is_relative_to(path) for path, out in outs.items())
    return bool(made.use_cache and made.hash_info and made.hash_info == file.hash_info)


def _credentials(mine: Config) -> dict[str, dict[str, Any]]:
    """Collect the credentials for each remote from the settings outside the repository."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for level in ("system", "global", "local"):
        for name, options in mine.load_one(level)["remote"].items():
            found[name] |= {option: value for option, value in options.items() if option in CREDENTIALS}
    return found


def _where(config: Config) -> str | None:
    """Return the URL of a configuration's default remote, if there is one."""
    url = config["remote"].get(config["core"].get("remote"), {}).get("url")
    return None if url is None else str(url)


@contextmanager
def _isolated(folder: Path) -> Iterator[None]:
    """Hide this machine from DVC: its settings, and what DVC remembers of a storage."""
    own = {
        "DVC_GLOBAL_CONFIG_DIR": str(folder / "none"),
        "DVC_SYSTEM_CONFIG_DIR": str(folder / "none"),
        "DVC_SITE_CACHE_DIR": str(folder / "site"),
        # Credentials may come from AWS's own files; the place of the storage may not.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
