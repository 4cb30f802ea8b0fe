"""Bytes on their way from a storage: not too many, and not for ever."""

from collections.abc import AsyncIterator
from pathlib import Path

CONNECTING = 20.0
"""Seconds in which a server has to take the connection, and in which it has to say who it is."""
SILENCE = 30.0
"""Seconds after which a server that sends nothing is given up."""
START = 120.0
RATE = 100_000.0
"""A transfer may take `START` seconds, and one more for each so many bytes."""
TRIES = 2
"""How often a request is made that S3 answers by an error of its own; others are made once."""
LARGEST = 16 << 30
"""Bytes that an artifact may have."""

Chunks = AsyncIterator[bytes]


class Missing(Exception):  # noqa: N818 - an answer, and not a mistake
    """The storage does not have the object."""


class Failed(Exception):  # noqa: N818 - what happened; whoever asked says of what
    """The storage cannot be read; the text says why."""


def patience(size: int) -> float:
    """Give the seconds that a transfer of so many bytes may take."""
    return START + size / RATE


async def received(chunks: Chunks, size: int, target: Path) -> None:
    """Write what arrives to a file.

    Raises
    ------
    Failed
        There is more than there should be.
    """
    left = size
    with target.open("wb") as stream:
        async for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                raise Failed(f"it sends more than the {size:,} bytes that dvc.lock records")
            stream.write(chunk)
