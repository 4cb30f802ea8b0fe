"""The artifacts that lie in a checkout, each verified against its `dvc.lock` before anything is made of its bytes."""

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
        The folder of `dvc.yaml`; None: the current folder or the nearest one above it that has a `dvc.yaml`.

    Raises
    ------
    RecommenderError
        There is no `dvc.yaml`, or nothing has been run yet.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or project_root()
        try:
            with (self.root / "dvc.lock").open("rb") as stream:
                self.lock = Lock.parse(stream.read(LARGEST + 1))
        except FileNotFoundError:
            raise RecommenderError(
                f"{self.root}/dvc.lock is missing: nothing has been run; `make repro` does"
            ) from None
        except OSError as error:
            raise RecommenderError(f"{self.root}/dvc.lock cannot be read: {error.strerror}") from None

    def read(self, stage: str, name: str) -> bytes:
        """Read the output of a stage with this file name.

        Raises
        ------
        RecommenderError
            It is not recorded, is missing, or is not what was recorded.
        """
        recorded = self.lock.output(stage, name)
        path = self.root / recorded.path
        try:
            content = path.read_bytes()
        except OSError as error:
            problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            raise RecommenderError(
                f"{path} {problem}; `dvc checkout` takes it from the cache, `dvc pull` from the remote, "
                "`dvc repro` makes it anew"
            ) from None
        mend = "`dvc checkout --force` brings back the recorded one, `dvc repro` makes it anew"
        return recorded.verified(content, mend)

    def file(self, path: str) -> bytes:
        """Read a file that Git has, by its path below the project's folder."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            raise RecommenderError(f"{self.root / path} {problem}; `git checkout {path}` brings it back") from None

    def describe(self) -> dict[str, str]:
        """Say on which commit it stands, and whether files differ from it."""
        repository = Repository(self.root)
        changed = "some files differ from the commit" if repository.changed() else "as committed"
        return {"revision": f"the checkout, {changed}"} | repository.describe(repository.commit("HEAD"))
