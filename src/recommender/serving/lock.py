"""What a `dvc.lock` records of the artifacts."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Self

import yaml

from recommender.errors import RecommenderError


@dataclass(frozen=True)
class Recorded:
    """One output of a stage: where it lies below the project's folder, and the MD5 of its bytes."""

    path: str
    md5: str


@dataclass(frozen=True)
class Lock:
    """A `dvc.lock`.

    Attributes
    ----------
    stages
        What it records, by stage: ``deps``, ``params`` and ``outs`` as DVC writes them.
    """

    stages: dict[str, dict[str, Any]]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read the bytes of a `dvc.lock`."""
        return cls(yaml.load(content, Loader=yaml.CSafeLoader)["stages"])

    def output(self, name: str) -> Recorded:
        """Find the output with this file name.

        Raises
        ------
        RecommenderError
            No stage that has run writes it.
        """
        for stage in self.stages.values():
            for out in stage.get("outs", []):
                if PurePosixPath(out["path"]).name == name:
                    return Recorded(out["path"], out["md5"])
        raise RecommenderError(f"dvc.lock records no {name}: the stage that makes it has not run; `dvc repro` runs it")

    def outputs(self) -> dict[str, str]:
        """Give the MD5 of every output, by its path."""
        return {out["path"]: out["md5"] for stage in self.stages.values() for out in stage.get("outs", [])}

    def inputs(self, folder: str) -> dict[str, str]:
        """Give the MD5 of every dependency below a folder, such as ``data/raw/``, by its path."""
        deps = (dep for stage in self.stages.values() for dep in stage.get("deps", []))
        return {dep["path"]: dep["md5"] for dep in deps if dep["path"].startswith(folder)}


def verified(content: bytes, recorded: Recorded, mend: str) -> bytes:
    """Return the bytes if they are those that were recorded.

    Raises
    ------
    RecommenderError
        They are others; the message says what mends that.
    """
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != recorded.md5:
        raise RecommenderError(
            f"{recorded.path} is refused: its MD5 is {found}, and dvc.lock records {recorded.md5}; {mend}"
        )
    return content
