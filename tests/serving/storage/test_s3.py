"""S3 gives an object; the user's credentials go to Amazon and to the endpoint that the user names, and nowhere else."""

import asyncio
from pathlib import Path

import pytest
from aiobotocore.session import get_session
from loopback import answering, full, web_server
from serving.storage.fetching import CONTENT, address, failed, fetched, stored

from recommender.serving.storage import s3
from recommender.serving.storage.transfer import Missing


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with credentials, whose files say nothing."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)


def test_an_object_comes_unsigned_unless_the_user_names_the_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = CONTENT * 300_000
    stored(tmp_path / "s3/bucket/a", content)
    heard: list[dict[str, str]] = []
    with web_server(tmp_path / "s3", heard) as url:
        where = address("s3", "bucket", path="/a", endpointurl=url)
        assert fetched(where, tmp_path, size=len(content)) == content
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"{url}/")
        assert fetched(where, tmp_path, size=len(content)) == content
        there = address("s3", "bucket", path="/a", endpointurl=url, region="eu-west-1")
        assert fetched(there, tmp_path, size=len(content)) == content
    signed = [headers.get("Authorization", "") for headers in heard]
    assert [sign.partition("/")[0] for sign in signed] == ["", *["AWS4-HMAC-SHA256 Credential=me"] * 2]
    assert "/us-east-1/s3/" in signed[1]
    assert "/eu-west-1/s3/" in signed[2]


def test_a_bucket_without_an_endpoint_is_where_the_users_own_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(tmp_path / "s3/bucket")
    heard: list[dict[str, str]] = []
    with web_server(tmp_path / "s3", heard) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        assert fetched(address("s3", "bucket"), tmp_path) == CONTENT
    assert ["Authorization" in headers for headers in heard] == [True]


def test_what_is_not_there_is_missing_and_what_is_refused_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(status: bytes, code: bytes) -> bytes:
        body = b"<Error><Code>%s</Code></Error>" % code if code else b""
        return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)

    for code in (b"NoSuchKey", b""):
        with answering(answer(b"404 Not Found", code)) as port, pytest.raises(Missing, match="s3://bucket"):
            fetched(address("s3", "bucket", endpointurl=f"http://127.0.0.1:{port}"), tmp_path)
    body = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 28\r\n\r\n<Error><Code></Code></Error>"
    with answering(body) as port:
        said = failed(address("s3", "bucket", endpointurl=f"http://127.0.0.1:{port}"), tmp_path)
    assert said.startswith("it answers an error; ")
    for code in (b"AccessDenied", b"NoSuchBucket"):
        with answering(answer(b"403 Forbidden", code)) as port:
            endpoint = f"http://127.0.0.1:{port}"
            where = address("s3", "bucket", endpointurl=endpoint)
            named = f"it answers {code.decode()}"
            advice = f"; no credentials are sent to {endpoint} unless AWS_ENDPOINT_URL_S3 names it"
            assert failed(where, tmp_path) == named + advice
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
            assert failed(where, tmp_path) == named
            monkeypatch.delenv("AWS_ENDPOINT_URL")


def test_without_credentials_it_is_said_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server(tmp_path) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        said = failed(address("s3", "bucket", endpointurl=url), tmp_path)
    assert said == "there are no credentials for it: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret"


def known(endpoint: str) -> bool:
    return asyncio.run(s3._is_known(get_session(), endpoint, None))


def test_amazons_own_hosts_are_known_by_their_whole_name_and_on_an_encrypted_way() -> None:
    for endpoint in (
        "https://s3.amazonaws.com",
        "https://s3.cn-north-1.amazonaws.com.cn/",
        "https://A.AMAZONAWS.COM:443",
    ):
        assert known(endpoint), endpoint
    for endpoint in (
        "http://s3.amazonaws.com.evil.example", "https://amazonaws.com.evil.example", "https://evilamazonaws.com",
        "https://s3.amazonaws.com.evil.example:443", "http://x.amazonaws.com", "https://evil.example",
        "https://amazonaws.com", "https://s3.amazonaws.org",
    ):  # fmt: skip
        assert not known(endpoint), endpoint


def test_a_server_that_breaks_off_or_is_silent_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "SILENCE", 0.3)
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc") as port:
        said = failed(address("s3", "bucket", endpointurl=f"http://127.0.0.1:{port}"), tmp_path)
        assert "timeout" in said.lower()
    with answering(b"") as port:
        assert "Read timeout" in failed(address("s3", "bucket", endpointurl=f"http://127.0.0.1:{port}"), tmp_path)
    monkeypatch.setattr(s3, "SILENCE", 60.0)
    monkeypatch.setattr(s3, "CONNECTING", 0.3)
    with full() as port:
        assert "Connect timeout" in failed(address("s3", "bucket", endpointurl=f"http://127.0.0.1:{port}"), tmp_path)


def test_an_error_of_the_servers_own_is_asked_about_once_more(tmp_path: Path) -> None:
    heard: list[dict[str, str]] = []
    stored(tmp_path / "s3/bucket")
    with web_server(tmp_path / "s3", heard, status=500) as url:
        assert failed(address("s3", "bucket", endpointurl=url), tmp_path).startswith("it answers 500; ")
    assert len(heard) == 2


def test_the_region_is_the_users_or_the_one_that_s3_began_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert s3._region(get_session()) == "us-east-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    assert s3._region(get_session()) == "eu-north-1"
