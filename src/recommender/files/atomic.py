"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

Readable = Path | IO[bytes]
"""Anything that can be read: a file, or bytes in memory."""

PART = ".part"
"""The ending of a file that is being written."""


@contextmanager
def open_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open `path` for writing so that it appears under its name only when everything is written and on disk.

    An exception or a killed process leaves what was there before. A `.part` file may stay behind; the next write
    replaces it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
