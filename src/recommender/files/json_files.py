"""JSON files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recommender.files.atomic import Readable, open_atomically


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON in the order given, indented, without NaN."""
    with open_atomically(path) as stream:
        stream.write(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n")


def read_json(source: Readable) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    ValueError
        The file is not JSON, nests too deeply, or is not an object.
    """
    try:
        content = json.loads(source.read_bytes() if isinstance(source, Path) else source.read())
    except RecursionError:
        raise ValueError("it is too deep") from None
    if not isinstance(content, dict):
        raise ValueError(f"it is not an object, but {type(content).__name__}")  # noqa: TRY004 - of the file, not of the code
    return content
