"""The address of a repository's storage, read from its `.dvc/config` as data.

That file may be anybody's, and DVC has options that run commands, name files, ask for passwords or send credentials. So
nothing of it is interpreted but where the storage is; a configuration that needs more is refused.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from configobj import ConfigObj, ConfigObjError

from recommender.errors import RecommenderError
from recommender.text import cut, printable

LARGEST = 1 << 16
"""Bytes that a `.dvc/config` may have."""
LONGEST_LINE = 1000
LAST_PORT = 65535

# What says nothing on where to read: how DVC is to write, link, verify and hurry.
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
"""What a repository elsewhere may say of its storage besides the URL, by the way there."""
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
"""What a value may look like. None can be taken for an option, a path, or another host by whom it is handed to."""


@dataclass(frozen=True)
class Address:
    """Where a storage is.

    Attributes
    ----------
    way
        How it is reached: ``http``, ``webdav``, ``s3``, ``ssh``, ``gs``, ``azure``, or nothing for a folder.
    is_encrypted
        Whether the way is, for ``http`` and ``webdav``.
    host
        The host, bucket or container; nothing for a folder.
    port
        The port that the URL names, or None.
    path
        The folder there, as the URL has it, without a slash at its end.
    options
        What else is known of it, such as ``region``: text of a harmless form.
    """

    way: str
    is_encrypted: bool
    host: str
    port: int | None
    path: str
    options: dict[str, str]

    def shown(self) -> str:
        """Name it for a message."""
        host = f"{self.host}:{self.port}" if self.port else self.host
        return f"{self.way}://{host}{self.path}" if self.way else self.path


def storage_of(config: bytes) -> Address | None:
    """Read a `.dvc/config`, which may be anybody's; None: it names no default storage.

    Raises
    ------
    RecommenderError
        It is no configuration, or its storage needs more than an address; the message does not say of whom it is.
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
            raise RecommenderError(f"the option {_quoted(key)} of its storage is no text")
    url = remote["url"]
    if not url.isprintable():
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which is none")
    scheme, separator, _ = url.partition("://")
    way = _SECURE.get(scheme, scheme) if separator else ""
    if way not in _ALLOWED or (way == "" and separator):
        raise RecommenderError(f"its storage is reached by {_quoted(scheme)}, and that takes DVC itself")
    refused = remote.keys() - {"url"} - _IGNORED - _ALLOWED[way] - _IGNORED_OF.get(way, frozenset())
    if refused:
        raise RecommenderError(
            f"its storage needs {_quoted(', '.join(sorted(refused)))}, which a repository elsewhere may not set"
        )
    options = {key: value for key, value in remote.items() if key in _ALLOWED[way]}
    for key, value in options.items():
        if not _VALUES[key].fullmatch(value):
            raise RecommenderError(f"the option {key} of its storage is {_quoted(value)}, which is none")
    if not way:
        return Address("", True, "", None, url, options)
    return _located(url, way, scheme, options)


def _located(url: str, way: str, scheme: str, options: dict[str, str]) -> Address:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which is none") from None
    if parts.password is not None:
        raise RecommenderError("the url of its storage holds a password, which it must not")
    if way in ("s3", "gs", "azure"):
        host = parts.netloc  # buckets tell capitals apart
        is_right = bool(_BUCKET.fullmatch(host))
    else:
        host = f"[{host}]" if ":" in host else host
        is_right = bool(_HOST.fullmatch(host))
    steps = unquote(parts.path).split("/")
    if not is_right or parts.query or parts.fragment or ".." in steps or "\0" in unquote(parts.path):
        raise RecommenderError(f"the url of its storage is {_quoted(url)}, which is none that can be read from")
    if parts.username is not None:  # of a bucket it is a part of the name, which may not have one
        options.setdefault("user", parts.username)
        if not _VALUES["user"].fullmatch(options["user"]):
            raise RecommenderError(f"the option user of its storage is {_quoted(options['user'])}, which is none")
    if "port" in options:
        port = int(options.pop("port"))
        if port > LAST_PORT:
            raise RecommenderError(f"the option port of its storage is '{port}', which is none")
    return Address(way, scheme in _SECURE, host, port, parts.path.rstrip("/"), options)


def _quoted(text: object) -> str:
    return repr(cut(printable(str(text)), 80))
