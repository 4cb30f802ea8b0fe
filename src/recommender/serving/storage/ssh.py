"""A storage on an SSH server, read over SFTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import CONNECTING, Chunks, Failed, Missing
from recommender.text import one_line

_CHUNK = 1 << 18
_ALIVE = 10.0


@asynccontextmanager
async def open_ssh(address: Address, key: str) -> AsyncIterator[Chunks]:
    """Open an object. The user's keys are offered only to a host with its own key in the user's known_hosts."""
    import asyncssh

    wanted: dict[str, Any] = {"port": address.port} if address.port else {}
    if user := address.options.get("user"):
        wanted["username"] = user
    try:
        async with (
            asyncssh.connect(
                address.host.strip("[]"),
                connect_timeout=CONNECTING,
                keepalive_interval=_ALIVE,
                keepalive_count_max=3,
                agent_forwarding=False,
                gss_host=None,
                **wanted,
            ) as connection,
            connection.start_sftp_client() as files,
            files.open(f"{address.path}/{key}", "rb") as stream,
        ):

            async def chunks() -> AsyncIterator[bytes]:
                while chunk := cast("bytes", await stream.read(_CHUNK)):
                    yield chunk

            yield chunks()
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        raise Missing(address.shown()) from None
    except asyncssh.HostKeyNotVerifiable as error:
        port = f"-p {address.port} " if address.port else ""
        raise Failed(
            f"{error}; run `ssh {port}{address.host}` once, and confirm that the host is the right one"
        ) from None
    except (asyncssh.Error, OSError, UnicodeError) as error:
        # UnicodeError: a part of the host name is empty or too long.
        raise Failed(one_line(error)) from None
