"""Git repositories of the pipeline, here or elsewhere, read without checking anything out."""

import hashlib
import logging
import re
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from recommender.errors import RecommenderError
from recommender.git import attempt, git, said, without_password

ARTIFACT = "recommender"
"""The artifact that `dvc.yaml` names; release v1.2.0 of it is the Git tag ``recommender@v1.2.0``, as GTO has it."""
VERSION = re.compile(r"v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")

_LOG = logging.getLogger(__name__)


def cache() -> Path:
    """Folder of what is kept between processes: mirrors of repositories, and artifacts by their hash."""
    return user_cache_path("recommender")


class Repository:
    """A Git repository.

    A repository elsewhere is mirrored below `cache()`. A release or a full commit hash that the mirror has is read from
    there, without the network; anything else, such as a branch, is fetched first, and where that fails, taken as it
    was last, with a warning.

    Parameters
    ----------
    location
        A path or a URL that Git can clone.

    Raises
    ------
    RecommenderError
        It is no repository, or cannot be reached.
    """

    def __init__(self, location: str | Path) -> None:
        self.location = without_password(str(location))
        self.is_local = Path(location).is_dir()
        self._is_current = self.is_local
        self.folder = Path(location).absolute() if self.is_local else self._mirror(str(location))
        below = attempt(self.folder, "rev-parse", "--show-prefix")
        if below.returncode:
            raise RecommenderError(f"{self.location} is no Git repository that can be read: {said(below)}")
        self._prefix = below.stdout.decode().strip()

    def require_root(self) -> None:
        """Require that this is the repository's own folder, where the names of its files begin.

        Raises
        ------
        RecommenderError
            It is a folder within the repository.
        """
        if self._prefix:
            raise RecommenderError(
                f"{self.location} is a folder of a Git repository, and only a project in a repository of its own has "
                "releases and revisions that can be loaded"
            )

    def commit(self, rev: str) -> str:
        """Resolve a name to a commit hash.

        Parameters
        ----------
        rev
            A release such as ``v1.2.0``, what is assigned to a stage such as ``recommender#prod``, or any name that Git
            knows.

        Raises
        ------
        RecommenderError
            There is no such release, stage, tag, branch or commit.
        """
        if "\0" in rev:
            raise RecommenderError(f"{rev!r} is no name of a revision")
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

    def update(self) -> None:
        """Bring the mirror up to date, once, or warn that it cannot be; a local repository is."""
        if self._is_current:
            return
        self._is_current = True
        try:
            with FileLock(self.folder.with_suffix(".lock")):
                fetched = attempt(self.folder, "fetch", "--quiet", "--prune", "--tags", "--force", "origin")
            problem = said(fetched) if fetched.returncode else None
        except OSError as error:
            problem = str(error)
        if problem:
            _LOG.warning("%s is taken as it was last, since it cannot be fetched: %s", self.location, problem)

    def file(self, commit: str, path: str) -> bytes:
        """Read a file of a commit.

        Raises
        ------
        RecommenderError
            The commit has no such file.
        """
        done = attempt(self.folder, "show", f"{commit}:{path}")
        if done.returncode:
            raise RecommenderError(f"commit {commit[:10]} of {self.location} has no {path} ({said(done)})")
        return done.stdout

    def describe(self, commit: str) -> dict[str, str]:
        """Say when a commit was made, and its first line."""
        shown = git(self.folder, "show", "--no-patch", "--format=%cI%n%s", commit).decode(errors="replace")
        when, subject = shown.splitlines()[:2]
        return {"commit": commit, "date": when, "subject": subject}

    def releases(self) -> dict[str, str]:
        """Give the commit of each release that is not withdrawn, the newest version first."""
        tags = git(self.folder, "tag", "--list", f"{ARTIFACT}@v*", "--sort=-version:refname").decode().split()
        names = [tag.partition("@")[2] for tag in tags]
        withdrawn = {name.partition("!")[0] for name in names if "!" in name}
        versions = (name for name in names if VERSION.fullmatch(name) and name not in withdrawn)
        return {version: self.commit(f"{ARTIFACT}@{version}") for version in versions}

    def changed(self) -> list[str]:
        """Name the files of the checkout that differ from the commit it stands on, or that Git does not have."""
        status = git(self.folder, "status", "--porcelain", "--untracked-files=normal", "--", ".")
        return [line[3:] for line in status.decode(errors="replace").splitlines()]

    def _resolved(self, rev: str) -> str | None:
        if rev.startswith(f"{ARTIFACT}#") and rev.count("#") == 1:
            return self._assigned(rev)
        return self._parsed(f"refs/tags/{ARTIFACT}@{rev}") or self._parsed(rev)

    def _assigned(self, stage: str) -> str | None:
        """Ask GTO which version a stage has: assignments can be taken back, and versions withdrawn."""
        from gto.api import show
        from gto.exceptions import GTOException

        try:
            found = show(str(self.folder), stage)
        except GTOException as error:
            raise RecommenderError(f"GTO cannot tell what {stage} is in {self.location}: {error}") from None
        return str(found[0]["commit_hexsha"]) if found else None

    def _parsed(self, rev: str) -> str | None:
        done = attempt(self.folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        found = done.stdout.decode(errors="replace").strip()
        return found if COMMIT.fullmatch(found) else None

    def _mirror(self, location: str) -> Path:
        name = hashlib.sha256(location.encode()).hexdigest()[:32]
        mirror = cache() / "repositories" / f"{name}.git"
        if mirror.is_dir():
            return mirror
        try:
            mirror.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(mirror.with_suffix(".lock")):
                if not mirror.is_dir():
                    self._clone(location, mirror)
        except OSError as error:
            raise RecommenderError(f"{cannot_be_kept(error)}, and {self.location} needs a mirror there") from None
        return mirror

    def _clone(self, location: str, mirror: Path) -> None:
        # Under another name until it is whole, so that a killed process leaves nothing that looks like a mirror.
        part = Path(tempfile.mkdtemp(dir=mirror.parent))
        try:
            done = attempt(part, "clone", "--quiet", "--mirror", "--", location, part)
            if done.returncode:
                raise RecommenderError(f"{self.location} cannot be cloned: {said(done)}")
            part.rename(mirror)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def cannot_be_kept(error: OSError) -> str:
    """Say that the cache cannot be written, and what decides where it is."""
    return f"{cache()} cannot be used ({error.strerror}; XDG_CACHE_HOME says where it is)"


def _stays(rev: str) -> bool:
    """Whether a name means the same commit for ever."""
    return bool(COMMIT.fullmatch(rev) or VERSION.fullmatch(rev.removeprefix(f"{ARTIFACT}@")))
