"""The address of a repository's storage, read from its `.dvc/config` as data.

Anybody may have written that file, and DVC has options that run commands, name files, ask for passwords or send
credentials. So only the storage's location is interpreted, and a configuration that needs more is refused.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from configobj import ConfigObj, ConfigObjError

from recommender.errors import RecommenderError
from recommender.text import cut, printable

LARGEST = 1 << 16
"""The most bytes in a `.dvc/config`."""
LONGEST_LINE = 1000
LAST_PORT = 65535

# Options that do not affect where to read: how DVC writes, links, verifies and hurries.
_IGNORED = frozenset(
    {"verify", "jobs", "checksum_jobs", "type", "shared", "slow_link_warning", "no_traverse", "protected"}
)
_ALLOWED: dict[str, frozenset[str]] = {
    "": frozenset(),
    "http": frozenset({"user", "auth"}),
    "webdav": frozenset({"user"}),
    "s3": frozenset({"endpointurl", "region"}),
    "ssh": frozenset({"user", "port"}),
    "gs": frozenset({"projectname"}),
    "azure": frozenset({"account_name"}),
}
"""The options besides the URL that a repository elsewhere may set for its storage, by the kind of storage."""
_IGNORED_OF: dict[str, frozenset[str]] = {
    "http": frozenset({"method", "read_timeout", "connect_timeout"}),
    "webdav": frozenset({"timeout"}),
    "s3": frozenset(
        {"acl", "sse", "sse_kms_key_id", "grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control",
         "listobjects", "read_timeout", "connect_timeout", "cache_regions"}
    ),
    "ssh": frozenset({"timeout", "max_sessions"}),
    "azure": frozenset({"timeout", "read_timeout", "connection_timeout"}),
}  # fmt: skip
_SECURE = {"https": "http", "webdavs": "webdav"}

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,221}")
_VALUES = {
    "user": re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,127}"),
    "auth": re.compile("basic"),
    "region": re.compile(r"[a-z0-9][a-z0-9-]{0,31}"),
    "port": re.compile(r"[0-9]{1,5}"),
    "projectname": re.compile(r"[a-z0-9][a-z0-9:.-]{0,99}"),
    "endpointurl": re.compile(rf"https?://({_HOST.pattern})(:[0-9]{{1,5}})?/?"),
    "account_name": re.compile(r"[a-z0-9]{3,24}"),
}
"""The form of each value. None can be mistaken for an option, a path or another host by the library that gets it."""


@dataclass(frozen=True)
class Address:
    """The place of a storage.

    Attributes
    ----------
    way
        The kind of storage: ``http``, ``webdav``, ``s3``, ``ssh``, ``gs``, ``azure``, or empty for a folder.
    is_encrypted
        For ``http`` and ``webdav``: the connection is encrypted.
    host
        The host, bucket or container; empty for a folder.
    port
        The port that the URL names, or None.
    path
        The folder there, as in the URL, without a trailing slash.
    options
        Further options, such as ``region``: text in a harmless form.
    """

    way: str
    is_encrypted: bool
    host: str
    port: int | None
    path: str
    options: dict[str, str]

    def shown(self) -> str:
        """Return the address for a message."""
        host = f"{self.host}:{self.port}" if self.port else self.host
        return f"{self.way}://{host}{self.path}" if self.way else self.path


def storage_of(config: bytes) -> Address | None:
    """Read the default storage from a `.dvc/config`, which anybody may have written; None: it names none.

    Raises
    ------
    RecommenderError
        It is not a configuration, or its storage needs more than an address. The message says "its": the caller adds
        whose.
    """
    values = _parsed(config)
    name = values.get("core", {}).get("remote")
    if name is None:
        return None
    remote = values.get(f'remote "{name.lower()}"') if isinstance(name, str) else None
    if not isinstance(remote, dict) or "url" not in remote:
        raise RecommenderError(f"its default remote {_quoted(name)} has no url")
    return _address(remote)


def _parsed(config: bytes) -> dict[str, Any]:
    if len(config) > LARGEST:
        raise RecommenderError(f"its .dvc/config is larger than {LARGEST:,} bytes")
    try:
        lines = config.decode().splitlines()
        if any(len(line) > LONGEST_LINE for line in lines):
            raise RecommenderError(f"its .dvc/config has a line of more than {LONGEST_LINE} characters")
        parsed = ConfigObj(lines, interpolation=False).dict()
    except (ConfigObjError, UnicodeDecodeError, RecursionError) as error:
        raise RecommenderError(f"its .dvc/config cannot be read: {_quoted(str(error))}") from None
    # DVC writes ['remote "name"'], and takes names and keys in any case.
    return {
        section.lower(): {key.lower(): value for key, value in keys.items()}
        for section, keys in parsed.items()
        if isinstance(keys, dict)
    }


def _address(remote: dict[str, Any]) -> Address:
    for key, value in remote.items():
        if not isinstance(value, str):
            raise RecommenderError(f"the option {_quoted(key)} of its storage is not text")
    url = remote["url"]
    if not url.isprintable():
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which is not a URL")
    scheme, separator, _ = url.partition("://")
    way = _SECURE.get(scheme, scheme) if separator else ""
    if way not in _ALLOWED or (way == "" and separator):
        raise RecommenderError(f"its storage is reached by {_quoted(scheme)}, which only DVC itself can do")
    refused = remote.keys() - {"url"} - _IGNORED - _ALLOWED[way] - _IGNORED_OF.get(way, frozenset())
    if refused:
        raise RecommenderError(
            f"its storage needs {_quoted(', '.join(sorted(refused)))}, which a repository elsewhere may not set"
        )
    options = {key: value for key, value in remote.items() if key in _ALLOWED[way]}
    for key, value in options.items():
        if not _VALUES[key].fullmatch(value):
            raise RecommenderError(f"the option {key} of its storage is {_quoted(value)}, which is not valid")
    if not way:
        return Address("", True, "", None, url, options)
    return _located(url, way, scheme, options)


def _located(url: str, way: str, scheme: str, options: dict[str, str]) -> Address:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which is not a URL") from None
    if parts.password is not None:
        raise RecommenderError("the url of its storage holds a password, which is not allowed")
    if way in ("s3", "gs", "azure"):
        host = parts.netloc  # names of buckets are case-sensitive
        is_right = bool(_BUCKET.fullmatch(host))
    else:
        host = f"[{host}]" if ":" in host else host
        is_right = bool(_HOST.fullmatch(host))
    steps = unquote(parts.path).split("/")
    if not is_right or parts.query or parts.fragment or ".." in steps or "\0" in unquote(parts.path):
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which cannot be read from")
    if parts.username is not None:  # never a bucket's, whose name may not hold an @
        options.setdefault("user", parts.username)
        if not _VALUES["user"].fullmatch(options["user"]):
            raise RecommenderError(f"the option user of its storage is {_quoted(options['user'])}, which is not valid")
    if "port" in options:
        port = int(options.pop("port"))
        if port > LAST_PORT:
            raise RecommenderError(f"the option port of its storage is '{port}', which is not valid")
    return Address(way, scheme in _SECURE, host, port, parts.path.rstrip("/"), options)


def _quoted(text: object) -> str:
    return repr(cut(printable(str(text)), 80))
