"""A copy of a Git repository elsewhere: bare, with branches and tags only, and made again when it is damaged."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from recommender.errors import RecommenderError
from recommender.git import PATIENCE, Stalled, attempt, transfer, without_password
from recommender.serving.cache import cache, cannot_be_kept
from recommender.text import printable

REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
"""The refs that are copied: no notes, pull requests or replacements of commits."""


class Mirror:
    """A copy of a repository elsewhere, in the folder of `recommender.serving.cache.cache`.

    The other side writes only objects and the names of branches and tags: the configuration is ours, there are no
    hooks, and nothing is checked out. Several processes may use it at once.

    Parameters
    ----------
    url
        A URL that Git can clone.

    Raises
    ------
    RecommenderError
        There is no copy yet, and the repository cannot be cloned.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._shown = printable(without_password(url))
        self.folder = cache() / "repositories" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.git"
        if not self.folder.is_dir() and (problem := self._made(anew=False)):
            raise RecommenderError(f"{self._shown} cannot be cloned: {problem}")

    def update(self) -> str | None:
        """Bring the copy up to date; return what went wrong, if anything, and then the copy is as it was."""
        if not self._is_sound():
            return self._made(anew=True)
        try:
            with self._alone():
                problem = transfer(self.folder, "fetch", "--progress", "--prune", "--force", "--", self._url, *REFS)
        except Stalled as stalled:
            return str(stalled)
        except OSError as error:
            return cannot_be_kept(error)
        # A new copy does not have what blocks the old one, such as the locks that a killed process left behind.
        return problem and self._made(anew=True)

    def mend(self) -> bool:
        """Make the copy again, and return whether that worked."""
        return self._made(anew=True) is None

    def _is_sound(self) -> bool:
        """Check that it is a repository whose refs point to objects that are there."""
        return not attempt(self.folder, "for-each-ref", "--format=%(objecttype)").returncode

    def _made(self, *, anew: bool) -> str | None:
        """Clone it, and return what went wrong, if anything. An existing copy is replaced only if `anew`."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            before = self._identity()
            with self._alone():
                # A copy that another process has made meanwhile is new enough.
                now = self._identity()
                if now is None or (anew and now == before):
                    return self._cloned()
        except Stalled as stalled:
            return str(stalled)
        except OSError as error:
            return cannot_be_kept(error)
        return None

    def _identity(self) -> int | None:
        """Return what tells one copy from the next, made before the old one is deleted; None: there is no copy."""
        try:
            return self.folder.stat().st_ino
        except FileNotFoundError:
            return None

    def _cloned(self) -> str | None:
        prefix = f"{self.folder.stem}-"
        for left in self.folder.parent.glob(f"{prefix}*"):  # left by a killed process
            shutil.rmtree(left, ignore_errors=True)
        # Under another name until it is whole, so that a killed process leaves nothing that looks like a copy. Nothing
        # replaces a folder that is not empty in one step, so the old one is moved out of the way first.
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix=prefix) as scratch:
            part, old = Path(scratch) / "new", Path(scratch) / "old"
            options = ("--bare", "--template=", "--no-local", "--progress")
            if problem := transfer(self.folder.parent, "clone", *options, "--", self._url, part):
                return problem
            # The URL is passed each time, so that a password in it is stored nowhere.
            attempt(part, "config", "--remove-section", "remote.origin")
            with contextlib.suppress(FileNotFoundError):
                self.folder.rename(old)
            part.rename(self.folder)
        return None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from changing the copy, after waiting for those that already do."""
        try:
            with FileLock(self.folder.with_suffix(".lock"), timeout=PATIENCE):
                yield
        except Timeout:
            raise Stalled(f"another process has been updating it for {PATIENCE:.0f} seconds") from None
