"""A web server gives an object, and gets a login only if it is the one that the user means."""

import gzip
import time
from pathlib import Path

import pytest
from loopback import answering, full, redirecting, web_server
from serving.storage.fetching import CONTENT, address, failed, fetched, stored

from recommender.serving.storage import web
from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import Failed, Missing
from recommender.serving.storage.web import LOOPBACK


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def netrc(home: Path, content: str) -> None:
    (home / ".netrc").write_text(content)
    (home / ".netrc").chmod(0o600)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def login(where: Address) -> str | None:
    """Tell what is sent as `Authorization`."""
    found = web._login(where)
    return None if found is None else found._auth_header


@pytest.mark.parametrize("way", ["http", "webdav"])
def test_an_object_is_what_the_server_has_byte_by_byte(way: str, tmp_path: Path) -> None:
    content = gzip.compress(CONTENT)
    stored(tmp_path / "storage/a", content)
    heard: list[dict[str, str]] = []
    with web_server(tmp_path / "storage", heard) as url:
        assert fetched(address(way, port=port_of(url), path="/a"), tmp_path, size=len(content)) == content
    assert [(headers["Accept-Encoding"], "Authorization" in headers) for headers in heard] == [("identity", False)]


def test_what_is_said_to_be_compressed_is_not_uncompressed(tmp_path: Path) -> None:
    content = gzip.compress(CONTENT)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(content)
    with answering(head + content) as port:
        assert fetched(address("http", port=port), tmp_path, size=len(content)) == content


def test_what_the_server_lacks_is_missing_and_what_it_refuses_is_said(tmp_path: Path) -> None:
    stored(tmp_path)
    advice = "a login is sent if ~/.netrc has an entry for the machine 127.0.0.1"
    for status, said in {
        401: f"it answers 401 Unauthorized; {advice}", 403: f"it answers 403 Forbidden; {advice}",
        500: "it answers 500 Internal Server Error", 204: "it answers 204 No Content", 299: "it answers 299",
        402: "it answers 402 Payment Required", 201: "it answers 201 Created", 304: "it answers 304 Not Modified",
    }.items():  # fmt: skip
        with web_server(tmp_path, status=status) as url:
            assert failed(address("http", port=port_of(url)), tmp_path) == said
    for status in (404, 410):
        with web_server(tmp_path, status=status) as url:
            where = address("http", port=port_of(url), path="/a")
            with pytest.raises(Missing, match=f"http://127.0.0.1:{where.port}/a"):
                fetched(where, tmp_path)


def test_a_login_that_is_refused_needs_no_advice(tmp_path: Path, home: Path) -> None:
    stored(tmp_path)
    netrc(home, "machine 127.0.0.1 login me password secret\n")
    heard: list[dict[str, str]] = []
    for status in (401, 403):
        with web_server(tmp_path, heard, status=status) as url:
            assert failed(address("http", port=port_of(url)), tmp_path).endswith(("Unauthorized", "Forbidden"))
    assert [headers["Authorization"] for headers in heard] == ["Basic bWU6c2VjcmV0"] * 2


def test_a_login_is_for_the_very_host_and_user(home: Path) -> None:
    netrc(
        home,
        "machine host login me password secret\nmachine ::1 login me password secret\n"
        "machine localhost login me password secret\nmachine bare login me\ndefault login all password secret\n",
    )
    mine, bare = "Basic bWU6c2VjcmV0", "Basic bWU6"
    for host, is_encrypted, wanted in (
        ("host", True, mine), ("host", False, None), ("localhost", False, mine), ("localhost", True, mine),
        ("[::1]", False, mine), ("[::1]", True, mine), ("other", True, None), ("127.0.0.1", False, None),
        ("sub.host", True, None), ("[::2]", False, None), ("bare", True, bare), ("default", True, None),
    ):  # fmt: skip
        assert login(Address("http", is_encrypted, host, None, "", {})) == wanted, (host, is_encrypted)
        assert login(Address("http", is_encrypted, host, None, "", {"user": "me"})) == wanted
        assert login(Address("http", is_encrypted, host, None, "", {"user": "you"})) is None
    assert set(LOOPBACK) == {"127.0.0.1", "localhost", "[::1]"}


def test_a_netrc_that_cannot_be_read_is_said_and_where_there_is_none_nobody_logs_in(home: Path) -> None:
    where = Address("http", True, "host", None, "", {})
    (home / ".netrc").mkdir()
    assert login(where) is None
    (home / ".netrc").rmdir()
    assert login(where) is None
    for content in (b"nonsense here", b"machine host login \xff"):
        (home / ".netrc").write_bytes(content)
        (home / ".netrc").chmod(0o600)
        with pytest.raises(Failed, match=rf"{home}/\.netrc cannot be read: .+"):
            login(where)


def test_the_advice_is_what_can_be_done() -> None:
    line = "a login is sent if ~/.netrc has an entry for the machine "
    for host, is_encrypted, wanted in (
        ("host", True, line + "host"), ("host", False, "no login is sent over a connection that is not encrypted"),
        ("[::1]", False, line + "::1"), ("[::2]", True, line + "::2"), ("localhost", False, line + "localhost"),
    ):  # fmt: skip
        assert web._advice(Address("http", is_encrypted, host, None, "", {})) == wanted


def test_a_redirect_is_followed_without_the_login_and_not_for_ever(tmp_path: Path, home: Path) -> None:
    stored(tmp_path)
    netrc(home, "machine 127.0.0.1 login me password secret\n")
    heard: list[dict[str, str]] = []
    with web_server(tmp_path, heard) as target, redirecting(target.replace("127.0.0.1", "localhost")) as (url, first):
        assert fetched(address("http", port=port_of(url)), tmp_path) == CONTENT
    assert [["Authorization" in headers for headers in asked] for asked in (first, heard)] == [[True], [False]]
    with redirecting("/again") as (url, asked):
        assert failed(address("http", port=port_of(url)), tmp_path).startswith("TooManyRedirects: ")
    assert len(asked) == 6


@pytest.mark.parametrize("host", ["xn--a", "xn--zzzzzz99"])
def test_a_host_that_is_none_is_said_wherever_it_comes_from(host: str, tmp_path: Path) -> None:
    assert "Error: " in failed(address("http", host), tmp_path) or "Codepoint" in failed(
        address("http", host), tmp_path
    )
    with redirecting(f"http://{host}") as (url, _):
        said = failed(address("http", port=port_of(url)), tmp_path)
    assert said.startswith(("IDNAError: ", "InvalidCodepoint: "))


def test_a_server_that_is_silent_or_takes_no_connection_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SILENCE", 0.3)
    with answering(b"") as port:
        start = time.monotonic()
        assert failed(address("http", port=port), tmp_path) == "ReadTimeout"
        assert time.monotonic() - start < 4
    monkeypatch.setattr(web, "SILENCE", 60.0)
    monkeypatch.setattr(web, "CONNECTING", 0.3)
    with full() as port:
        assert failed(address("http", port=port), tmp_path) == "ConnectTimeout"
        said = failed(Address("http", True, "127.0.0.1", port, "", {}), tmp_path)
        assert said == "ConnectTimeout"


def test_an_encrypted_way_is_taken_where_the_address_says_so(tmp_path: Path) -> None:
    with web_server(tmp_path) as url:
        said = failed(Address("webdav", True, "127.0.0.1", port_of(url), "", {}), tmp_path)
    assert said.startswith("ConnectError: ")
    assert "SSL" in said
