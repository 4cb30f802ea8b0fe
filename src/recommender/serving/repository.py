"""Git repositories of the pipeline, here or elsewhere, read without checking anything out."""

import hashlib
import subprocess
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from recommender.errors import RecommenderError

ARTIFACT = "recommender"
"""The artifact that `dvc.yaml` names; release v1.2.0 of it is the Git tag ``recommender@v1.2.0``, as GTO has it."""


def cache() -> Path:
    """Folder of what is kept between processes: mirrors of repositories, and artifacts by their hash."""
    return user_cache_path("recommender")


class Repository:
    """A Git repository.

    A repository elsewhere is mirrored below `cache()`. A release or a full commit hash that the mirror has is read from
    there, without the network; anything else, such as a branch, is fetched first.

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
        self.location = str(location)
        self.is_local = Path(location).is_dir()
        self.folder = Path(location) if self.is_local else self._mirror()

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
        if not (self.is_local or _is_hash(rev) or self._release(rev)):
            self.update()
        found = self._resolved(rev)
        if not found:
            raise RecommenderError(
                f"{self.location} has no release, stage, tag, branch or commit {rev!r}; "
                "`recommender releases` lists the releases"
            )
        return found

    def update(self) -> None:
        """Bring the mirror up to date; a local repository is."""
        if not self.is_local:
            self._git("fetch", "--quiet", "--prune", "--tags", "--force", "origin", "+refs/*:refs/*")

    def file(self, commit: str, path: str) -> bytes:
        """Read a file of a commit.

        Raises
        ------
        RecommenderError
            The commit has no such file.
        """
        done = self._run("show", f"{commit}:{path}")
        if done.returncode:
            raise RecommenderError(f"commit {commit[:10]} of {self.location} has no {path}")
        return done.stdout

    def describe(self, commit: str) -> dict[str, str]:
        """Say when a commit was made, and its first line."""
        when, subject = self._git("show", "--no-patch", "--format=%cI%n%s", commit).decode().splitlines()[:2]
        return {"commit": commit, "date": when, "subject": subject}

    def releases(self) -> dict[str, str]:
        """Give the commit of each release, the newest version first."""
        listed = self._git("tag", "--list", f"{ARTIFACT}@v*", "--sort=-version:refname").decode().split()
        return {tag.partition("@")[2]: str(self._parsed(tag)) for tag in listed}

    def is_changed(self) -> bool:
        """Whether files of the checkout differ from the commit it stands on."""
        return bool(self._git("status", "--porcelain", "--", "."))

    def _resolved(self, rev: str) -> str | None:
        return self._assigned(rev) if rev.startswith(f"{ARTIFACT}#") else self._release(rev) or self._parsed(rev)

    def _assigned(self, stage: str) -> str | None:
        """Find what GTO's last tag for a stage says: ``recommender#prod#3`` assigns, ``recommender#prod!#4`` ends."""
        listed = self._git("tag", "--list", f"{stage}#*", f"{stage}!#*").decode().split()
        last = max(listed, key=lambda tag: int(tag.rpartition("#")[2]), default=f"{stage}!")
        return None if "!" in last else self._parsed(last)

    def _release(self, rev: str) -> str | None:
        return self._parsed(f"refs/tags/{rev}") or self._parsed(f"refs/tags/{ARTIFACT}@{rev}")

    def _parsed(self, rev: str) -> str | None:
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        return done.stdout.decode().strip() or None

    def _mirror(self) -> Path:
        name = hashlib.sha256(self.location.encode()).hexdigest()[:32]
        mirror = cache() / "repositories" / f"{name}.git"
        mirror.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(mirror.with_suffix(".lock")):
            if not (mirror / "complete").exists():
                done = subprocess.run(
                    ["git", "clone", "--quiet", "--mirror", self.location, mirror], capture_output=True, check=False
                )
                if done.returncode:
                    said = " ".join(done.stderr.decode(errors="replace").split())
                    raise RecommenderError(f"{self.location} cannot be cloned: {said}")
                (mirror / "complete").touch()
        return mirror

    def _git(self, *arguments: str) -> bytes:
        done = self._run(*arguments)
        if done.returncode:
            said = " ".join(done.stderr.decode(errors="replace").split())
            raise RecommenderError(f"`git {arguments[0]}` in {self.location} failed: {said}")
        return done.stdout

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(["git", "-C", self.folder, *arguments], capture_output=True, check=False)


def _is_hash(rev: str) -> bool:
    return len(rev) == 40 and all(letter in "0123456789abcdef" for letter in rev)
