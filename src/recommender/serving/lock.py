"""What a `dvc.lock` records of the artifacts."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Self

import yaml

from recommender.errors import RecommenderError

MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Recorded:
    """One output of a stage: where it lies below the project's folder, and the MD5 of its bytes."""

    path: str
    md5: str

    def verified(self, content: bytes, mend: str) -> bytes:
        """Return the bytes if they are those that were recorded.

        Raises
        ------
        RecommenderError
            They are others; the message says what mends that.
        """
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if found != self.md5:
            raise RecommenderError(
                f"{self.path} is refused: its MD5 is {found}, and dvc.lock records {self.md5}; {mend}"
            )
        return content


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
        """Read the bytes of a `dvc.lock`.

        Raises
        ------
        RecommenderError
            It is no `dvc.lock`, such as after a merge with conflicts.
        """
        try:
            stages = yaml.load(content, Loader=yaml.CSafeLoader)["stages"]
            return cls({name: dict(stage) for name, stage in stages.items()})
        except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, ValueError, AttributeError):
            raise RecommenderError(
                "dvc.lock cannot be read; `git checkout dvc.lock` brings back the last committed one, and after a "
                "merge `dvc repro` makes a new one"
            ) from None

    def output(self, stage: str, name: str) -> Recorded:
        """Find the output of a stage with this file name.

        Raises
        ------
        RecommenderError
            The stage has not run, or does not write it.
        """
        for path, md5 in _hashes(self.stages.get(stage, {}).get("outs")).items():
            if PurePosixPath(path).name == name:
                return Recorded(path, md5)
        raise RecommenderError(f"dvc.lock records no {name}: the stage {stage} has not run; `dvc repro` runs it")

    def outputs(self) -> dict[str, str]:
        """Give the MD5 of every output, by its path."""
        return {path: md5 for stage in self.stages.values() for path, md5 in _hashes(stage.get("outs")).items()}

    def inputs(self, folder: str) -> dict[str, str]:
        """Give the MD5 of every dependency below a folder, such as ``data/raw/``, by its path."""
        deps = {path: md5 for stage in self.stages.values() for path, md5 in _hashes(stage.get("deps")).items()}
        return {path: md5 for path, md5 in deps.items() if path.startswith(folder)}

    def params(self) -> dict[str, dict[str, Any]]:
        """Give the parameters with which the artifacts were made, by group and name: ``params()["train"]["loss"]``."""
        found: dict[str, dict[str, Any]] = {}
        for stage in self.stages.values():
            for key, value in stage.get("params", {}).get("params.yaml", {}).items():
                group, separator, name = key.partition(".")
                if separator:
                    found.setdefault(group, {})[name] = value
        return found


def _hashes(files: Any) -> dict[str, str]:
    """Give the MD5 by path of what DVC recorded by content: nothing else can be verified, or be a name in a cache."""
    found = {}
    for file in files if isinstance(files, list) else []:
        path, md5 = (file.get("path"), file.get("md5")) if isinstance(file, dict) else (None, None)
        if isinstance(path, str) and isinstance(md5, str) and MD5.fullmatch(md5):
            found[path] = md5
    return found
