"""The artifacts of a checkout, each verified against its `dvc.lock` before its bytes are used."""

from pathlib import Path

from recommender.errors import RecommenderError
from recommender.project import project_root
from recommender.serving.lock import LARGEST, Lock
from recommender.serving.repository import Repository


class Workspace:
    """A checkout of the pipeline.

    Parameters
    ----------
    root
        The folder of `dvc.yaml`; None: the nearest one, from the current folder upwards.

    Raises
    ------
    RecommenderError
        There is no `dvc.yaml`, or the pipeline has not run yet.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or project_root()
        try:
            with (self.root / "dvc.lock").open("rb") as stream:
                self.lock = Lock.parse(stream.read(LARGEST + 1))
        except FileNotFoundError:
            raise RecommenderError(
                f"{self.root}/dvc.lock is missing: nothing has been run yet; run `make repro`"
            ) from None
        except OSError as error:
            raise RecommenderError(f"{self.root}/dvc.lock cannot be read: {error.strerror}") from None

    def read(self, stage: str, name: str) -> bytes:
        """Read an output of a stage by its file name.

        Raises
        ------
        RecommenderError
            It is not recorded, is missing, or differs from what was recorded.
        """
        recorded = self.lock.output(stage, name)
        path = self.root / recorded.path
        try:
            content = path.read_bytes()
        except OSError as error:
            problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            raise RecommenderError(
                f"{path} {problem}; `dvc checkout` restores it from the cache, `dvc pull` from the remote, "
                "`dvc repro` makes it again"
            ) from None
        mend = "`dvc checkout --force` restores the recorded one, `dvc repro` makes it again"
        return recorded.verified(content, mend)

    def file(self, path: str) -> bytes:
        """Read a file in Git, by its path relative to the project's folder."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            raise RecommenderError(f"{self.root / path} {problem}; `git checkout {path}` brings it back") from None

    def describe(self) -> dict[str, str]:
        """Describe the commit that is checked out, and whether files differ from it."""
        repository = Repository(self.root)
        changed = "some files differ from the commit" if repository.changed() else "as committed"
        return {"revision": f"the checkout, {changed}"} | repository.describe(repository.commit("HEAD"))
