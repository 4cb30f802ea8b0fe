"""What arrives is as much as was recorded, and does not take for ever."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from loopback import answering
from serving.storage.fetching import CONTENT, address, failed, fetched, stored

from recommender.serving.storage import transfer
from recommender.serving.storage.elsewhere import fetch
from recommender.serving.storage.transfer import LARGEST, Failed, patience, received


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def test_a_transfer_may_take_two_minutes_and_a_second_for_each_100_kb() -> None:
    assert [patience(0), patience(100_000), patience(10_000_000)] == [120, 121, 220]
    assert (transfer.CONNECTING, transfer.SILENCE, transfer.TRIES) == (20, 30, 2), "as docs/security.md says"


def test_as_much_as_is_recorded_is_written_and_no_more(tmp_path: Path) -> None:
    target = tmp_path / "target"
    for parts in ([b"abc", b"", b"de"], [b"abcde"], [b"a", b"b"], []):
        asyncio.run(received(chunks(*parts), 5, target))
        assert target.read_bytes() == b"".join(parts)
    for parts in ([b"abc", b"def"], [b"abcdef"], [b"abcde", b"f", b"g"]):
        with pytest.raises(Failed, match=r"it sends more than the 5 bytes that dvc\.lock records"):
            asyncio.run(received(chunks(*parts), 5, target))
        assert len(target.read_bytes()) <= 5


def test_what_is_larger_than_any_artifact_is_not_even_asked_for(tmp_path: Path) -> None:
    stored(tmp_path / "storage")
    where = address("", "", path="storage")
    assert LARGEST == 16 << 30, "as docs/security.md says"
    said = failed(where, tmp_path, tmp_path, LARGEST + 1)
    assert said == "it has 17,179,869,185 bytes, and the limit is 17,179,869,184"
    assert fetched(where, tmp_path, tmp_path, LARGEST) == CONTENT


def test_a_transfer_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "START", 0.4)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    with answering(head, again=b"x") as port:
        assert failed(address("http", port=port), tmp_path, size=10_000) == "it takes more than 0 seconds"
        monkeypatch.setattr(transfer, "RATE", 10_000)
        assert failed(address("http", port=port), tmp_path, size=10_000) == "it takes more than 1 seconds"


def test_a_program_that_runs_a_loop_of_its_own_fetches_all_the_same(tmp_path: Path) -> None:
    stored(tmp_path / "storage")

    async def cell(size: int) -> None:
        fetch(address("", "", path="storage"), "0123456789abcdef" * 2, size, tmp_path / "fetched", tmp_path)

    asyncio.run(cell(len(CONTENT)))
    assert (tmp_path / "fetched").read_bytes() == CONTENT
    with pytest.raises(Failed, match="it sends more than"):
        asyncio.run(cell(1))
