"""The artifacts of a Git revision: fetched once, cached by their hash, and verified each time."""

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

    Artifacts are kept in the folder of `recommender.serving.cache.cache`, by the hash of their content. So the second
    load of a release is local and works offline, and several processes may load at once.

    Three things are taken from a repository elsewhere, all of them as data: the commit, its `dvc.lock`, and the address
    of the storage. See docs/security.md.

    Parameters
    ----------
    repository
        The repository that it belongs to.
    rev
        A release such as ``v1.2.0``, or any name that Git knows.

    Raises
    ------
    RecommenderError
        There is no such revision, or the pipeline had not run in it.
    """

    def __init__(self, repository: Repository, rev: str) -> None:
        repository.require_root()
        self.repository = repository
        self.rev = rev
        self.commit = repository.commit(rev)
        self.lock = Lock.parse(self.file("dvc.lock"))

    def file(self, path: str) -> bytes:
        """Read a file in Git, by its path relative to the project's folder."""
        return self.repository.file(self.commit, path)

    def describe(self) -> dict[str, str]:
        """Describe the commit: its hash, date and subject."""
        return {"revision": self.rev} | self.repository.describe(self.commit)

    def read(self, stage: str, name: str) -> bytes:
        """Read an output of a stage by its file name.

        Raises
        ------
        RecommenderError
            It is not recorded, cannot be fetched, or differs from what was recorded.
        """
        recorded = self.lock.output(stage, name)
        kept = cache() / "artifacts" / recorded.md5[:2] / recorded.md5[2:]
        try:
            return recorded.verified(kept.read_bytes(), "")
        except (OSError, RecommenderError):
            # A cached copy that is wrong is only a copy: it is fetched again.
            return self._fetch(recorded, kept)

    def _fetch(self, recorded: Recorded, kept: Path) -> bytes:
        path = printable(recorded.path)
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=kept.parent))
        except OSError as error:
            raise RecommenderError(f"{cannot_be_kept(error)}, and {path} is kept there") from None
        try:
            part = folder / "part"
            self._download(recorded, part)
            mend = "DVC's cache or the remote has other bytes under this hash; docs/storage.md says what to do"
            content = recorded.verified(part.read_bytes(), mend)
            # Not `open_atomically`: several processes may fetch the same artifact, so each needs a file of its own; and
            # no fsync, since a copy that a crash damages is fetched again.
            part.replace(kept)
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
                f"{wanted} is in neither DVC's cache nor the remote; whoever has it can `dvc push` it"
            ) from None
        except Failed as failed:
            raise RecommenderError(
                f"{wanted} cannot be fetched from DVC's cache or the remote: {printable(str(failed))}"
            ) from None

    def _download_from_elsewhere(self, recorded: Recorded, target: Path) -> None:
        from recommender.serving.storage import elsewhere

        address = self._address()
        try:
            elsewhere.fetch(address, recorded.md5, recorded.size, target, self._beside())
        except (Missing, Failed):
            # The copy of the repository may be older than the last move of the storage.
            self.repository.update()
            if (newer := self._address()) == address:
                raise
            elsewhere.fetch(newer, recorded.md5, recorded.size, target, self._beside())

    def _address(self) -> Address:
        """Find the storage of a repository elsewhere: where the default branch says, as it may have moved since."""
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
        """Return the folder to which paths in its configuration are relative, if it is on this machine."""
        parts = urlsplit(self.repository.url)
        if parts.scheme == "file" and parts.hostname in (None, "localhost"):
            return Path(unquote(parts.path)) / ".dvc"
        return None
