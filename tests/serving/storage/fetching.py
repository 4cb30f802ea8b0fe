"""Fetching an object from a storage that a test has made."""

from pathlib import Path

import pytest

from recommender.serving.storage.address import Address
from recommender.serving.storage.elsewhere import fetch
from recommender.serving.storage.transfer import Failed

MD5 = "0123456789abcdef0123456789abcdef"
KEY = f"files/md5/{MD5[:2]}/{MD5[2:]}"
CONTENT = b"\x1f\x8b content\0\xff"


def stored(storage: Path, content: bytes = CONTENT) -> Path:
    """Put an object into a folder, as DVC does."""
    path = storage / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def address(way: str, host: str = "127.0.0.1", port: int | None = None, path: str = "", **options: str) -> Address:
    return Address(way, False, host, port, path, options)


def fetched(where: Address, tmp_path: Path, beside: Path | None = None, size: int = len(CONTENT)) -> bytes:
    target = tmp_path / "fetched"
    fetch(where, MD5, size, target, beside)
    return target.read_bytes()


def failed(where: Address, tmp_path: Path, beside: Path | None = None, size: int = len(CONTENT)) -> str:
    with pytest.raises(Failed) as error:
        fetched(where, tmp_path, beside, size)
    return str(error.value)
