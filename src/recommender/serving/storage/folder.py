"""A storage that is a folder on this machine."""

import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from recommender.serving.storage.transfer import Chunks, Failed, Missing

_CHUNK = 1 << 20


@asynccontextmanager
async def open_folder(folder: Path, key: str) -> AsyncIterator[Chunks]:
    """Open an object in a folder; only a regular file, as a pipe or a device could keep its reader waiting."""
    try:
        descriptor = os.open(folder / key, os.O_RDONLY | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(str(folder)) from None
    except OSError as error:
        raise Failed(f"{folder / key}: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Failed(f"{folder / key} is not a file")
    with os.fdopen(descriptor, "rb") as stream:

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := stream.read(_CHUNK):
                yield chunk

        yield chunks()
