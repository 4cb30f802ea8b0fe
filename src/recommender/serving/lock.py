"""The record of the artifacts in a `dvc.lock`."""

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
"""The most bytes in a `dvc.lock`: fifty times what this pipeline's has."""
DEEPEST = 32
"""The deepest that mappings and lists may be nested: the YAML parser recurses, and must not exhaust the stack."""
_OPEN = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSE = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True)
class Recorded:
    """A recorded output or dependency of a stage.

    Attributes
    ----------
    path
        Its path relative to the project's folder.
    md5
        The MD5 of its bytes.
    size
        Its number of bytes.
    """

    path: str
    md5: str
    size: int

    def verified(self, content: bytes, mend: str) -> bytes:
        """Return the bytes if they are the recorded ones.

        Raises
        ------
        RecommenderError
            They are not; the message ends with `mend`, which says what to do.
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
        The record of each stage: ``deps``, ``params`` and ``outs`` as DVC writes them.
    """

    stages: dict[str, dict[str, Any]]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read the bytes of a `dvc.lock`, which anybody may have written.

        Raises
        ------
        RecommenderError
            It is not a `dvc.lock`, for example because a merge left conflicts in it.
        """
        try:
            _require_bounded(content)
            stages = _strict_mapping(yaml.load(content, Loader=yaml.CSafeLoader)["stages"])
            return cls({str(name): _strict_mapping(stage) for name, stage in stages.items()})
        except (yaml.YAMLError, TypeError, KeyError, ValueError):
            raise RecommenderError(
                "dvc.lock cannot be read; `git checkout dvc.lock` brings back the last committed one, and after a "
                "merge `dvc repro` writes a new one"
            ) from None

    def output(self, stage: str, name: str) -> Recorded:
        """Find an output of a stage by its file name.

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
        """Map the path of every output to its MD5."""
        return {path: md5 for stage in self.stages for path, md5 in self.outputs_of(stage).items()}

    def outputs_of(self, stage: str) -> dict[str, str]:
        """Map the path of every output of a stage to its MD5."""
        return {file.path: file.md5 for file in _files(self.stages.get(stage, {}).get("outs"))}

    def inputs(self, folder: PurePath) -> dict[str, str]:
        """Map the path of every dependency below a folder, such as ``data/raw``, to its MD5."""
        deps = [file for stage in self.stages.values() for file in _files(stage.get("deps"))]
        return {file.path: file.md5 for file in deps if folder in PurePosixPath(file.path).parents}

    def params(self) -> dict[str, dict[str, Any]]:
        """Return the parameters that made the artifacts, by group and name: ``params()["train"]["loss"]``."""
        found: dict[str, dict[str, Any]] = {}
        for stage in self.stages.values():
            for key, value in _leaves(_mapping(_mapping(stage.get("params")).get("params.yaml"))):
                group, separator, name = key.partition(".")
                if separator:
                    found.setdefault(group, {})[name] = value
        return found


def _require_bounded(content: bytes) -> None:
    """Scan the YAML, without building anything from it, and refuse what DVC does not write.

    Raises
    ------
    ValueError
        It is too large or too deep, or has an alias or a tag.
    yaml.YAMLError
        It is not YAML.
    """
    if len(content) > LARGEST:
        raise ValueError("too large")
    depth = 0
    for event in yaml.parse(content, Loader=yaml.CSafeLoader):
        depth += isinstance(event, _OPEN) - isinstance(event, _CLOSE)
        if depth > DEEPEST or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise ValueError("too deep, or more than plain data")


def _strict_mapping(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise TypeError("not a mapping")
    return value


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _leaves(params: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each parameter with its full key, like ``train.loss``: a stage may declare it alone or with its group."""
    for key, value in params.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{name}", leaf) for name, leaf in _leaves(value))
        else:
            yield str(key), value


def _files(listed: Any) -> list[Recorded]:
    """List the files inside the project's folder that DVC recorded by content: no others can be found and verified."""
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
