"""The artifacts of a checkout, each verified against `dvc.lock` before anything is made of its bytes."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from recommender.errors import RecommenderError


class Workspace:
    """A checkout of the pipeline, with the artifacts that its `dvc.lock` records.

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
        self.root = root or _nearest(Path.cwd())
        try:
            lock = yaml.load((self.root / "dvc.lock").read_bytes(), Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            raise RecommenderError(
                f"{self.root / 'dvc.lock'} is missing: nothing has been run; `make repro` does"
            ) from None
        outs = [out for stage in lock["stages"].values() for out in stage.get("outs", [])]
        self._outs: dict[str, dict[str, Any]] = {out["path"]: out for out in outs}

    def path(self, name: str) -> Path:
        """Path of the artifact with this file name."""
        return self.root / str(self._recorded(name)["path"])

    def read(self, name: str) -> bytes:
        """Read an artifact whose bytes match the hash that `dvc.lock` records.

        Raises
        ------
        RecommenderError
            The artifact is not recorded, is missing, or is not what was recorded.
        """
        recorded = self._recorded(name)
        path = self.root / str(recorded["path"])
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise RecommenderError(
                f"{path} is missing; `dvc checkout` takes it from the cache, `dvc pull` from the remote, "
                "`dvc repro` makes it anew"
            ) from None
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if found != recorded["md5"]:
            raise RecommenderError(
                f"{path} is refused: its MD5 is {found}, and dvc.lock records {recorded['md5']}; "
                "`dvc checkout --force` brings back the recorded one, `dvc repro` makes it anew"
            )
        return content

    def _recorded(self, name: str) -> dict[str, Any]:
        for path, out in self._outs.items():
            if Path(path).name == name:
                return out
        raise RecommenderError(f"dvc.lock records no {name}: the stage that makes it has not run; `dvc repro` runs it")


def _nearest(folder: Path) -> Path:
    for candidate in (folder, *folder.parents):
        if (candidate / "dvc.yaml").is_file():
            return candidate
    raise RecommenderError(f"there is no dvc.yaml in {folder} or above it; go to the project's folder")
