"""A storage in Google's or Microsoft's cloud, read with the library that DVC itself uses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import Chunks, Failed, Missing
from recommender.text import one_line

PACKAGES = {"gs": "gcsfs", "azure": "adlfs"}
_CHUNK = 1 << 22


@asynccontextmanager
async def open_cloud(address: Address, key: str) -> AsyncIterator[Chunks]:
    """Open an object with the user's own login. Requests go only to hosts of Google or Microsoft."""
    import fsspec

    settings: dict[str, Any] = (
        {"protocol": "gs", "project": address.options.get("projectname")}
        if address.way == "gs"
        else {"protocol": "az", "account_name": address.options.get("account_name"), "anon": False}
    )
    try:
        files = fsspec.filesystem(skip_instance_cache=True, **settings)
    except ImportError:
        package = PACKAGES[address.way]
        raise Failed(f"the package {package} is not installed; add it to the environment") from None
    try:
        stream = await asyncio.to_thread(files.open, f"{address.host}{address.path}/{key}", "rb", cache_type="none")
        with stream:

            async def chunks() -> AsyncIterator[bytes]:
                while chunk := await asyncio.to_thread(stream.read, _CHUNK):
                    yield chunk

            yield chunks()
    except FileNotFoundError:
        raise Missing(address.shown()) from None
    except Failed:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the cloud's own library raises
        raise Failed(one_line(error)) from None
