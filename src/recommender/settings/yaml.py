"""Reading `params.yaml` with the parser that DVC itself uses.

YAML 1.2 and not 1.1: ``1e-05`` is a number (``dvc exp run -S`` writes it so), ``yes`` is text, and a key that is there
twice is a mistake. PyYAML would have it otherwise.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from recommender.errors import RecommenderError


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises
    ------
    RecommenderError
        The file is missing, is not UTF-8, is not YAML, or is not a mapping.
    """
    try:
        return parse_yaml(path.read_bytes(), path.name)
    except FileNotFoundError:
        raise RecommenderError(f"{path.name} is missing; `git checkout {path.name}` brings it back") from None


def parse_yaml(content: bytes, name: str) -> dict[str, Any]:
    """Read the bytes of a YAML file as `read_yaml` does; `name` is what messages call it."""
    try:
        values = YAML(typ="safe", pure=True).load(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RecommenderError(f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" line {mark.line + 1}" if mark else ""
        problem = str(error.problem).splitlines()[0]
        raise RecommenderError(f"{name}{line} is not YAML: {problem}") from None
    except YAMLError as error:
        raise RecommenderError(f"{name} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(values, dict):
        raise RecommenderError(f"{name} must hold keys and values, and holds {type(values).__name__}")
    return values
