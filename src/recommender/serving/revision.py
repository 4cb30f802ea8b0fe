"""The artifacts of a Git revision, fetched once, kept by their hash, and verified each time."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from recommender.errors import RecommenderError
from recommender.serving.lock import Lock, Recorded
from recommender.serving.repository import Repository, cache, cannot_be_kept

RUNS_COMMANDS = {"bearer_token_command", "configpath", "credentialpath"}
"""Options of a remote that are a command, or a file which can name one."""


class Revision:
    """A revision of the pipeline, in a repository here or elsewhere; nothing is checked out.

    Artifacts are kept below `recommender.serving.repository.cache`, by the hash of their content. So the second load of
    a release is local and works offline, and several processes may load at once.

    Parameters
    ----------
    repository
        Where it is.
    rev
        A release such as ``v1.2.0``, or any name that Git knows.

    Raises
    ------
    RecommenderError
        There is no such revision, or nothing had been run in it.
    """

    def __init__(self, repository: Repository, rev: str) -> None:
        repository.require_root()
        self.repository = repository
        self.rev = rev
        self.commit = repository.commit(rev)
        self.lock = Lock.parse(self.file("dvc.lock"))

    def file(self, path: str) -> bytes:
        """Read a file that Git has, by its path below the project's folder."""
        return self.repository.file(self.commit, path)

    def describe(self) -> dict[str, str]:
        """Say which commit it is, and of when."""
        return {"revision": self.rev} | self.repository.describe(self.commit)

    def read(self, stage: str, name: str) -> bytes:
        """Read the output of a stage with this file name.

        Raises
        ------
        RecommenderError
            It is not recorded, is nowhere to be had, or is not what was recorded.
        """
        recorded = self.lock.output(stage, name)
        kept = cache() / "artifacts" / recorded.md5[:2] / recorded.md5[2:]
        try:
            return recorded.verified(kept.read_bytes(), "")
        except (OSError, RecommenderError):
            # What is kept and no longer right is fetched anew: it is a copy.
            return self._fetch(recorded, kept)

    def _fetch(self, recorded: Recorded, kept: Path) -> bytes:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=kept.parent))
        except OSError as error:
            raise RecommenderError(f"{cannot_be_kept(error)}, and {recorded.path} is to be kept there") from None
        try:
            part = folder / "part"
            self._download(recorded, part)
            mend = "DVC's cache or the remote has other bytes under this hash, see docs/storage.md for what mends that"
            content = recorded.verified(part.read_bytes(), mend)
            os.replace(part, kept)  # noqa: PTH105 - appears whole under its name, whoever else does the same
        except OSError as error:
            raise RecommenderError(f"{recorded.path} cannot be kept in {kept.parent}: {error.strerror}") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return content

    def _download(self, recorded: Recorded, target: Path) -> None:
        # DVC takes a second or two to load, and is needed for the first load of a revision only.
        from dvc.api import DVCFileSystem
        from dvc.repo import Repo

        folder = str(self.repository.folder)
        try:
            with Repo.open(folder, rev=self.commit, config=self._remotes(folder)) as repo:
                DVCFileSystem(repo=repo).get_file(recorded.path, str(target))
        except RecommenderError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the storage's own library raises
            said = " ".join(str(error).split()) or type(error).__name__
            lacking = "; unless it cannot be reached, it lacks the file: whoever has it, `dvc push`"
            raise RecommenderError(
                f"{recorded.path} of {self.rev} (MD5 {recorded.md5}) can be had neither from DVC's cache nor from the "
                f"remote: {said}{lacking if isinstance(error, FileNotFoundError) else ''}"
            ) from None

    def _remotes(self, folder: str) -> dict[str, Any] | None:
        """Say where the artifacts are.

        A checkout's remotes are those it uses. Elsewhere they are those of the default branch, for the storage may have
        moved since the revision; and they are somebody else's, so none of them may run a command here.
        """
        if self.repository.is_local:
            return None
        then, now = (self._configured(folder, commit) for commit in (self.commit, self.repository.commit("HEAD")))
        for name, options in (*then["remote"].items(), *now["remote"].items()):
            if refused := RUNS_COMMANDS & options.keys():
                raise RecommenderError(
                    f"the remote {name!r} of {self.repository.location} is refused: its {', '.join(sorted(refused))} "
                    "could run a command here; in a clone of it, DVC uses it"
                )
        return now

    def _configured(self, folder: str, commit: str) -> dict[str, Any]:
        """Give the remotes that a commit itself configures, and not the user."""
        from dvc.repo import Repo

        with Repo(folder, rev=commit, uninitialized=True) as repo:
            own = repo.config.load_one("repo")
        return {"core": own["core"], "remote": own["remote"]}
