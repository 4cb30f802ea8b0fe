"""What a `dvc.lock` records of the artifacts."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any, Self

import yaml

from recommender.errors import RecommenderError
from recommender.text import printable

MD5 = re.compile(r"[0-9a-f]{32}")
LARGEST = 4 << 20
"""Bytes that a `dvc.lock` may have: fifty times what this pipeline's has."""
DEEPEST = 32
"""Mappings and lists that may lie in each other. The parser of YAML recurses, and must not be led astray."""
_OPEN = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSE = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True)
class Recorded:
    """One output of a stage.

    Attributes
    ----------
    path
        Where it lies below the project's folder.
    md5
        The MD5 of its bytes.
    size
        How many bytes it has.
    """

    path: str
    md5: str
    size: int

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
                f"{printable(self.path)} is refused: its MD5 is {found}, and dvc.lock records {self.md5}; {mend}"
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
        """Read the bytes of a `dvc.lock`, which may be anybody's.

        Raises
        ------
        RecommenderError
            It is no `dvc.lock`, such as after a merge with conflicts.
        """
        try:
            _require_bounded(content)
            stages = _strict_mapping(yaml.load(content, Loader=yaml.CSafeLoader)["stages"])
            return cls({str(name): _strict_mapping(stage) for name, stage in stages.items()})
        except (yaml.YAMLError, TypeError, KeyError, ValueError):
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
        for recorded in _files(self.stages.get(stage, {}).get("outs")):
            if PurePosixPath(recorded.path).name == name:
                return recorded
        raise RecommenderError(f"dvc.lock records no {name}: the stage {stage} has not run; `dvc repro` runs it")

    def outputs(self) -> dict[str, str]:
        """Give the MD5 of every output, by its path."""
        return {file.path: file.md5 for stage in self.stages.values() for file in _files(stage.get("outs"))}

    def inputs(self, folder: PurePath) -> dict[str, str]:
        """Give the MD5 of every dependency below a folder, such as ``data/raw``, by its path."""
        deps = [file for stage in self.stages.values() for file in _files(stage.get("deps"))]
        return {file.path: file.md5 for file in deps if folder in PurePosixPath(file.path).parents}

    def params(self) -> dict[str, dict[str, Any]]:
        """Give the parameters with which the artifacts were made, by group and name: ``params()["train"]["loss"]``."""
        found: dict[str, dict[str, Any]] = {}
        for stage in self.stages.values():
            for key, value in _leaves(_mapping(_mapping(stage.get("params")).get("params.yaml"))):
                group, separator, name = key.partition(".")
                if separator:
                    found.setdefault(group, {})[name] = value
        return found


def _require_bounded(content: bytes) -> None:
    """Go over the YAML, without building anything of it, and refuse what DVC does not write.

    Raises
    ------
    ValueError
        It is too large or too deep, or has an alias or a tag.
    yaml.YAMLError
        It is no YAML.
    """
    if len(content) > LARGEST:
        raise ValueError("too large")
    depth = 0
    for event in yaml.parse(content, Loader=yaml.CSafeLoader):
        depth += isinstance(event, _OPEN) - isinstance(event, _CLOSE)
        if depth > DEEPEST or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise ValueError("too deep, or more than data")


def _strict_mapping(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise TypeError("it is no mapping")
    return value


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _leaves(params: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Name each parameter by its whole key, such as ``train.loss``: a stage may declare it alone or with its group."""
    for key, value in params.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{name}", leaf) for name, leaf in _leaves(value))
        else:
            yield str(key), value


def _files(listed: Any) -> list[Recorded]:
    """Give what DVC recorded by content below the project's folder: nothing else can be found and verified."""
    found = []
    for file in listed if isinstance(listed, list) else []:
        path, md5, size = (_mapping(file).get(key) for key in ("path", "md5", "size"))
        if not (isinstance(path, str) and isinstance(md5, str) and type(size) is int):
            continue
        if MD5.fullmatch(md5) and size >= 0 and _lies_below(path):
            found.append(Recorded(path, md5, size))
    return found


def _lies_below(path: str) -> bool:
    return "\0" not in path and not path.startswith("/") and ".." not in PurePosixPath(path).parts
