"""The artifacts of a Git revision, fetched once, kept by their hash, and verified each time."""

import os
import shutil
import tempfile
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.serving.lock import Lock, Recorded, verified
from recommender.serving.repository import Repository, cache


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

    def read(self, name: str) -> bytes:
        """Read the artifact with this file name.

        Raises
        ------
        RecommenderError
            It is not recorded, is nowhere to be had, or is not what was recorded.
        """
        recorded = self.lock.output(name)
        kept = cache() / "artifacts" / recorded.md5[:2] / recorded.md5[2:]
        try:
            return verified(kept.read_bytes(), recorded, "")
        except (FileNotFoundError, RecommenderError):
            # What is kept and no longer right is fetched anew: it is a copy.
            self._fetch(recorded, kept)
        return verified(kept.read_bytes(), recorded, "the copy was changed while it was read; try again")

    def _fetch(self, recorded: Recorded, kept: Path) -> None:
        # DVC takes a second or two to load, and is needed for the first load of a revision only.
        from dvc.api import DVCFileSystem

        kept.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=kept.parent))
        try:
            part = folder / "part"
            try:
                files = DVCFileSystem(str(self.repository.folder.absolute()), rev=self.commit)
                files.get_file(recorded.path, str(part))
            except Exception as error:  # noqa: BLE001 - whatever the storage's own library raises
                said = " ".join(str(error).split()) or type(error).__name__
                raise RecommenderError(
                    f"{recorded.path} of {self.rev} (MD5 {recorded.md5}) can be had neither from the cache nor from "
                    f"the remote: {said}; `dvc push` from a clone that has it mends that"
                ) from None
            mend = "the remote holds other bytes under this hash; `dvc push` from a clone that has the right ones"
            verified(part.read_bytes(), recorded, mend)
            os.replace(part, kept)  # noqa: PTH105 - appears whole under its name, whoever else does the same
        finally:
            shutil.rmtree(folder, ignore_errors=True)
