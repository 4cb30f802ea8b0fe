"""The reader of `params.yaml`, with the parser that DVC itself uses.

YAML 1.2 and not 1.1: ``1e-05`` is a number (``dvc exp run -S`` writes it so), ``yes`` is text, and a repeated key is a
mistake. PyYAML sees all three otherwise.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import Node

from recommender.errors import RecommenderError
from recommender.text import cut, one_line, printable

LARGEST = 1 << 17
"""The largest file of settings in bytes: fifty times the usual size."""
DEEPEST = 16
"""The deepest nesting of mappings and lists."""
SHOWN = 60
"""The number of characters of a value that a message shows."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises
    ------
    RecommenderError
        The file is missing, is not UTF-8, is not YAML, is larger or deeper than settings are, or is not a mapping.
    """
    try:
        with path.open("rb") as stream:
            return parse_yaml(stream.read(LARGEST + 1), path.name)
    except FileNotFoundError:
        raise RecommenderError(f"{path.name} is missing; `git checkout {path.name}` brings it back") from None
    except OSError as error:
        raise RecommenderError(f"{path} cannot be read: {error.strerror}") from None


def parse_yaml(content: bytes, name: str) -> dict[str, Any]:
    """Parse the bytes of a YAML file as `read_yaml` does; messages call it `name`."""
    if len(content) > LARGEST:
        raise RecommenderError(f"{name} is larger than {LARGEST:,} bytes, and settings are not")
    try:
        text = content.decode("utf-8")
        _require_plain(text, name)
        yaml = YAML(typ="safe", pure=True)
        yaml.Constructor = _Constructor
        values = yaml.load(text)
    except UnicodeDecodeError as error:
        raise RecommenderError(f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except MarkedYAMLError as error:
        problem = printable(cut(str(error.problem).splitlines()[0], 2 * SHOWN))
        raise RecommenderError(f"{name}{_line(error.problem_mark)} is not YAML: {problem}") from None
    except YAMLError as error:
        problem = printable(cut(one_line(error), 2 * SHOWN))
        raise RecommenderError(f"{name} is not YAML: {problem}") from None
    if not isinstance(values, dict):
        raise RecommenderError(f"{name} must hold keys and values, and holds {type(values).__name__}")
    return values


def _require_plain(text: str, name: str) -> None:
    """Refuse anchors, aliases, tags and deep nesting, before anything is built from the YAML."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > DEEPEST:
            raise RecommenderError(f"{name}{_line(event.start_mark)} is deeper than {DEEPEST} levels; settings are not")
        if getattr(event, "anchor", None) is not None:
            raise RecommenderError(f"{name}{_line(event.start_mark)} has an anchor or alias; write the value out")
        if getattr(event, "tag", None) is not None:
            raise RecommenderError(f"{name}{_line(event.start_mark)} has a tag (!); write the plain value")


class _Constructor(SafeConstructor):
    """A constructor that says where an impossible value is."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:
        """Construct a value, or say on which line it is impossible."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            shown = cut(str(node.value), SHOWN)
            raise MarkedYAMLError(problem=f"{shown!r}: {error}", problem_mark=node.start_mark) from None


def _line(mark: StreamMark | None) -> str:
    return f" line {mark.line + 1}" if mark else ""
