"""Transfers from a storage: bounded in bytes and in time."""

from collections.abc import AsyncIterator
from pathlib import Path

CONNECTING = 20.0
"""The longest that a server may take to accept the connection, and to identify itself, in seconds."""
SILENCE = 30.0
"""The longest that a server may send nothing, in seconds."""
START = 120.0
RATE = 100_000.0
"""A transfer may take `START` seconds, and one more for each `RATE` bytes."""
TRIES = 2
"""The attempts at a request that S3 answers with an error of its own; any other is made once."""
LARGEST = 16 << 30
"""The most bytes in an artifact."""

Chunks = AsyncIterator[bytes]


class Missing(Exception):  # noqa: N818 - an answer, and not a mistake
    """An object that the storage does not have."""


class Failed(Exception):  # noqa: N818 - what happened; the caller says to what
    """A storage that cannot be read; the text says why."""


def patience(size: int) -> float:
    """Return the seconds that a transfer of so many bytes may take."""
    return START + size / RATE


async def received(chunks: Chunks, size: int, target: Path) -> None:
    """Write the bytes that arrive to a file.

    Raises
    ------
    Failed
        There are more than there should be.
    """
    left = size
    with target.open("wb") as stream:
        async for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                raise Failed(f"it sends more than the {size:,} bytes that dvc.lock records")
            stream.write(chunk)
