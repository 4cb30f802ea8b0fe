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
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecommenderError(f"{path.name} is missing; `git checkout {path.name}` brings it back") from None
    except UnicodeDecodeError as error:
        raise RecommenderError(f"{path.name} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" line {mark.line + 1}" if mark else ""
        problem = str(error.problem).splitlines()[0]
        raise RecommenderError(f"{path.name}{line} is not YAML: {problem}") from None
    except YAMLError as error:
        raise RecommenderError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise RecommenderError(f"{path.name} must hold keys and values, and holds {type(content).__name__}")
    return content
