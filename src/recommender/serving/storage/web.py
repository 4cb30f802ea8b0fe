"""A storage that answers GET: a web or WebDAV server."""

import netrc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import CONNECTING, SILENCE, Chunks, Failed, Missing

REDIRECTS = 5
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@asynccontextmanager
async def open_http(address: Address, key: str) -> AsyncIterator[Chunks]:
    """Open an object. A login is sent only to a host that the user's own netrc names, over an encrypted connection."""
    scheme = "https" if address.is_encrypted else "http"
    port = f":{address.port}" if address.port else ""
    url = f"{scheme}://{address.host}{port}{address.path}/{key}"
    login = _login(address)
    timeout = httpx.Timeout(SILENCE, connect=CONNECTING)
    try:
        async with (
            # The bytes that arrive are verified: no compression, which could expand a little to a lot.
            httpx.AsyncClient(
                timeout=timeout,
                follow_redirects=True,
                max_redirects=REDIRECTS,
                auth=login,
                headers={"Accept-Encoding": "identity"},
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code in (404, 410):
                raise Missing(address.shown())
            if response.status_code in (401, 403) and login is None:
                raise Failed(f"{_status(response)}; {_advice(address)}")
            if response.status_code != 200:
                raise Failed(_status(response))
            yield response.aiter_raw()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # UnicodeError: a name, here or in a redirect, looks like an internationalized one and is not.
        raise Failed(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__) from None


def _status(response: httpx.Response) -> str:
    return f"it answers {response.status_code} {response.reason_phrase}".rstrip()


def _advice(address: Address) -> str:
    if not address.is_encrypted and address.host not in LOOPBACK:
        return "no login is sent over a connection that is not encrypted"
    return f"a login is sent if ~/.netrc has an entry for the machine {address.host.strip('[]')}"


def _login(address: Address) -> httpx.BasicAuth | None:
    """Find the user's login for this very host; not netrc's `default`, which would go to any host."""
    if not address.is_encrypted and address.host not in LOOPBACK:
        return None
    path = Path.home() / ".netrc"
    try:
        logins = netrc.netrc().hosts if path.is_file() else {}
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError) as error:
        raise Failed(f"{path} cannot be read: {error}") from None
    name = address.host.strip("[]")
    if name == "default" or name not in logins:
        return None
    user, _, password = logins[name]
    return httpx.BasicAuth(user, password) if address.options.get("user", user) == user else None
