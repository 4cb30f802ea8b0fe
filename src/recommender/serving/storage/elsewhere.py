"""Objects from the storage of a repository elsewhere."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import LARGEST, Chunks, Failed, patience, received


def fetch(address: Address, md5: str, size: int, target: Path, beside: Path | None) -> None:
    """Write an object of a storage to a file; the caller verifies the bytes.

    Parameters
    ----------
    address
        Where the storage is.
    md5, size
        The object's name and number of bytes.
    target
        The file to write.
    beside
        The repository's `.dvc`, if the repository is a folder on this machine: its storage may be a folder, too. None:
        it is on another machine.

    Raises
    ------
    Missing
        The storage does not have it.
    Failed
        The storage cannot be read, sends too much, or takes too long.
    """
    if size > LARGEST:
        raise Failed(f"it has {size:,} bytes, and the limit is {LARGEST:,}")
    _completed(_fetched(address, f"files/md5/{md5[:2]}/{md5[2:]}", size, target, beside))


async def _fetched(address: Address, key: str, size: int, target: Path, beside: Path | None) -> None:
    try:
        async with asyncio.timeout(patience(size)), _opened(address, key, beside) as chunks:
            await received(chunks, size, target)
    except TimeoutError:
        raise Failed(f"it takes more than {patience(size):.0f} seconds") from None


def _opened(address: Address, key: str, beside: Path | None) -> AbstractAsyncContextManager[Chunks]:
    # Each kind loads libraries that the others do not need.
    if address.way in ("http", "webdav"):
        from recommender.serving.storage.web import open_http

        return open_http(address, key)
    if address.way == "s3":
        from recommender.serving.storage.s3 import open_s3

        return open_s3(address, key)
    if address.way == "ssh":
        from recommender.serving.storage.ssh import open_ssh

        return open_ssh(address, key)
    if address.way:
        from recommender.serving.storage.clouds import open_cloud

        return open_cloud(address, key)
    if beside is None:
        raise Failed("its storage is a folder on the machine where it was made")
    from recommender.serving.storage.folder import open_folder

    return open_folder(beside / Path(address.path).expanduser(), key)


def _completed(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, even inside a program with an event loop of its own, such as a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
    else:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, work).result()
