"""The artifacts of a Git revision, fetched once, kept by their hash, and verified each time."""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from recommender.errors import RecommenderError
from recommender.serving.cache import cache, cannot_be_kept
from recommender.serving.lock import Lock, Recorded
from recommender.serving.repository import Repository
from recommender.serving.storage.address import Address, storage_of
from recommender.serving.storage.transfer import Failed, Missing
from recommender.text import printable

CONFIG = ".dvc/config"


class Revision:
    """A revision of the pipeline, in a repository here or elsewhere; nothing is checked out.

    Artifacts are kept below `recommender.serving.cache.cache`, by the hash of their content. So the second load of a
    release is local and works offline, and several processes may load at once.

    Of a repository elsewhere three things are used, all of them as data: the commit, its `dvc.lock`, and the address of
    the storage. See docs/security.md.

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
        path = printable(recorded.path)
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=kept.parent))
        except OSError as error:
            raise RecommenderError(f"{cannot_be_kept(error)}, and {path} is to be kept there") from None
        try:
            part = folder / "part"
            self._download(recorded, part)
            mend = "DVC's cache or the remote has other bytes under this hash, see docs/storage.md for what mends that"
            content = recorded.verified(part.read_bytes(), mend)
            os.replace(part, kept)  # noqa: PTH105 - appears whole under its name, whoever else does the same
        except OSError as error:
            raise RecommenderError(f"{path} cannot be kept in {kept.parent}: {error.strerror}") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return content

    def _download(self, recorded: Recorded, target: Path) -> None:
        wanted = f"{printable(recorded.path)} of {printable(self.rev)} (MD5 {recorded.md5})"
        try:
            if self.repository.is_local:
                # DVC takes a second to load, and is needed for the first load of a revision only.
                from recommender.serving.storage import own

                own.fetch(self.repository.folder, self.commit, recorded.path, recorded.md5, target)
            else:
                self._download_from_elsewhere(recorded, target)
        except Missing:
            raise RecommenderError(
                f"{wanted} can be had neither from DVC's cache nor from the remote, which lacks the file: "
                "whoever has it, `dvc push`"
            ) from None
        except Failed as failed:
            raise RecommenderError(
                f"{wanted} can be had neither from DVC's cache nor from the remote: {printable(str(failed))}"
            ) from None

    def _download_from_elsewhere(self, recorded: Recorded, target: Path) -> None:
        from recommender.serving.storage.elsewhere import fetch

        address = self._address()
        try:
            fetch(address, recorded.md5, recorded.size, target, self._beside())
        except (Missing, Failed):
            # The copy of the repository may be older than the storage's present place.
            self.repository.update()
            if (newer := self._address()) == address:
                raise
            fetch(newer, recorded.md5, recorded.size, target, self._beside())

    def _address(self) -> Address:
        """Find the storage of a repository elsewhere.

        It is that of the default branch, for it may have moved since the revision.
        """
        try:
            for commit in (self.repository.default_branch(), self.commit):
                if commit and (address := storage_of(self.repository.file(commit, CONFIG))):
                    return address
        except RecommenderError as error:
            raise RecommenderError(
                f"{self.repository.location} is refused: {error}; clone it, and use it as a checkout"
            ) from None
        raise RecommenderError(
            f"{self.repository.location} names no default storage in its {CONFIG}: only its owner has the artifacts"
        )

    def _beside(self) -> Path | None:
        """Give the folder that relative paths in its configuration start from, if it is on this machine."""
        parts = urlsplit(self.repository.url)
        if parts.scheme == "file" and parts.hostname in (None, "localhost"):
            return Path(unquote(parts.path)) / ".dvc"
        return None
