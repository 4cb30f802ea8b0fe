"""Git repositories of the pipeline, here or elsewhere, read without a checkout."""

import logging
import re
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.git import attempt, git, said, without_password
from recommender.serving import tags
from recommender.serving.mirror import Mirror
from recommender.serving.tags import ARTIFACT, STAGE, VERSION
from recommender.text import printable

COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
LARGEST_FILE = 16 << 20
"""The most bytes in a file that is read from a commit: Git keeps only settings, records and numbers here."""

_FILE_MODES = (b"100644", b"100755")
_LOG = logging.getLogger(__name__)


class Repository:
    """A Git repository.

    A repository elsewhere, or a bare one, is copied (see `recommender.serving.mirror.Mirror`). A release or a full
    commit hash that the copy has is read from it, without the network. Anything else, such as a branch, is fetched
    first; if that fails, the copy is used as it is, with a warning.

    Parameters
    ----------
    location
        A path, or a URL that Git can clone.

    Raises
    ------
    RecommenderError
        It is not a repository, or cannot be reached.
    """

    def __init__(self, location: str | Path) -> None:
        self.url = str(location)
        self.location = printable(without_password(self.url))
        if "\0" in self.url:
            raise RecommenderError(f"{self.location} is not a repository")
        folder = Path(location).absolute()
        self.is_local = folder.is_dir() and attempt(folder, "rev-parse", "--is-bare-repository").stdout != b"true\n"
        if folder.is_dir():
            self.url = folder.as_uri()  # a bare repository is not a checkout, and has no settings of the user's
        self._mirror = None if self.is_local else Mirror(self.url)
        self._is_current = False
        self.folder = self._mirror.folder if self._mirror else folder
        below = attempt(self.folder, "rev-parse", "--show-prefix")
        if below.returncode and self._mirror and self._mirror.mend():
            below = attempt(self.folder, "rev-parse", "--show-prefix")
        if below.returncode:
            raise RecommenderError(f"{self.location} is not a Git repository that can be read: {said(below)}")
        self._prefix = below.stdout.decode(errors="replace").strip()

    def require_root(self) -> None:
        """Require that this is the repository's top folder, to which the paths of its files are relative.

        Raises
        ------
        RecommenderError
            It is a folder inside the repository.
        """
        if self._prefix:
            raise RecommenderError(
                f"{self.location} is a folder inside a Git repository; only a project in a repository of its own has "
                "releases and revisions to load"
            )

    def commit(self, rev: str) -> str:
        """Resolve a name to a commit hash.

        Parameters
        ----------
        rev
            A release such as ``v1.2.0``, a stage such as ``recommender#prod`` for what is assigned to it, or any name
            that Git knows.

        Raises
        ------
        RecommenderError
            There is no such release, stage, tag, branch or commit.
        """
        if "\0" in rev:
            raise RecommenderError(f"{rev!r} is not the name of a revision")
        found = self._resolved(rev)
        if not (found and _stays(rev)):
            self.update()
            found = self._resolved(rev)
        if not found:
            raise RecommenderError(
                f"{self.location} has no release, stage, tag, branch or commit {rev!r}; "
                "`recommender releases` lists the releases"
            )
        return found

    def default_branch(self) -> str | None:
        """Return the commit of the repository's default branch; None: that branch has none."""
        return self._parsed("HEAD")

    def update(self) -> None:
        """Bring the copy up to date, once, or warn that it cannot be; leave a local repository alone."""
        if self._mirror is None or self._is_current:
            return
        self._is_current = True
        if problem := self._mirror.update():
            _LOG.warning("%s cannot be fetched, so the last copy of it is used: %s", self.location, problem)

    def file(self, commit: str, path: str) -> bytes:
        """Read a file of a commit, byte for byte as it was committed.

        Raises
        ------
        RecommenderError
            The commit has no such file, or it is not a regular file, or it is larger than `LARGEST_FILE`.
        """
        content = self._file(commit, path)
        if content is None and self._mirror and self._mirror.mend():
            content = self._file(commit, path)
        if content is None:
            advice = (
                "`git fsck` shows what is damaged" if self.is_local else "its copy is damaged, and cannot be made again"
            )
            raise RecommenderError(f"{printable(path)} of {commit[:10]} of {self.location} cannot be read: {advice}")
        return content

    def _file(self, commit: str, path: str) -> bytes | None:
        """Read a file; None: an object that the commit names is missing."""
        name = path.encode(errors="surrogateescape")
        listed = attempt(self.folder, "ls-tree", "-z", "--full-tree", "--long", commit, "--", path)
        if listed.returncode:
            return None
        entries = {found: entry.split() for entry, _, found in (e.partition(b"\t") for e in listed.stdout.split(b"\0"))}
        where = f"{printable(path)} of commit {commit[:10]} of {self.location}"
        if name not in entries:
            raise RecommenderError(f"commit {commit[:10]} of {self.location} has no {printable(path)}")
        mode, _, blob, size = entries[name]
        if mode not in _FILE_MODES:
            raise RecommenderError(f"{where} is refused: it is a link, a folder or a submodule, not a file")
        if not size.isdigit():
            return None
        if int(size) > LARGEST_FILE:
            raise RecommenderError(f"{where} is refused: it has {int(size):,} bytes, and the limit is {LARGEST_FILE:,}")
        # Not `git show`, which may run a program that converts the file to text.
        read = attempt(self.folder, "cat-file", "blob", blob.decode())
        return None if read.returncode else read.stdout

    def describe(self, commit: str) -> dict[str, str]:
        """Return the hash, the date and the subject of a commit."""
        arguments = ("log", "-1", "--no-show-signature", "--format=%cI%x00%s", commit)
        shown = git(self.folder, *arguments).decode(errors="replace")
        when, _, subject = shown.removesuffix("\n").partition("\0")
        return {"commit": commit, "date": when, "subject": subject}

    def releases(self) -> dict[str, str]:
        """Map each release that is not withdrawn to its commit, the newest version first."""
        commits = {version: self._parsed(f"refs/tags/{ARTIFACT}@{version}") for version in tags.versions(self.folder)}
        for version, commit in commits.items():
            if commit is None:
                _LOG.warning(
                    "%s is not a release: the tag %s@%s does not point to a commit", version, ARTIFACT, version
                )
        return {version: commit for version, commit in commits.items() if commit}

    def release_before(self, commit: str, *, or_this: bool = False) -> str | None:
        """Find the newest version that a commit is built on; None: there is none.

        Parameters
        ----------
        commit
            The commit.
        or_this
            The commit itself may be that release.
        """
        for version, released in self.releases().items():
            if released == commit and not or_this:
                continue
            if not attempt(self.folder, "merge-base", "--is-ancestor", released, commit).returncode:
                return version
        return None

    def changed(self) -> list[str]:
        """List the files of the checkout that differ from its commit, or that Git does not have."""
        status = git(self.folder, "status", "--porcelain", "--untracked-files=normal", "--", ".")
        return [line[3:] for line in status.decode(errors="replace").splitlines()]

    def _resolved(self, rev: str) -> str | None:
        if stage := STAGE.fullmatch(rev):
            return tags.assigned(self.folder, stage[1])
        return self._parsed(f"refs/tags/{ARTIFACT}@{rev}") or self._parsed(rev)

    def _parsed(self, rev: str) -> str | None:
        done = attempt(self.folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        found = done.stdout.decode(errors="replace").strip()
        return found if COMMIT.fullmatch(found) else None


def _stays(rev: str) -> bool:
    """Tell whether a name means the same commit for ever."""
    return bool(COMMIT.fullmatch(rev) or VERSION.fullmatch(rev.removeprefix(f"{ARTIFACT}@")))
