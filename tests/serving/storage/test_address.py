"""Of a stranger's `.dvc/config` the address of its storage is read, and all that is more than an address is refused."""

from itertools import product
from string import ascii_letters, digits

import pytest
from dvc.config_schema import REMOTE_SCHEMAS

from recommender.errors import RecommenderError
from recommender.serving.storage.address import LARGEST, LONGEST_LINE, Address, storage_of

COMMON = {"verify", "jobs", "checksum_jobs", "no_traverse", "type", "shared", "slow_link_warning", "protected"}
TAKEN: dict[str, dict[str, str]] = {
    "": {}, "http": {"user": "me", "auth": "basic"}, "webdav": {"user": "me"},
    "s3": {"endpointurl": "https://s3.example.org:9000/", "region": "eu-west-1"}, "ssh": {"user": "me", "port": "22"},
    "gs": {"projectname": "team:project-1.2"}, "azure": {"account_name": "team1"},
}  # fmt: skip
"""What is taken of a repository elsewhere besides the URL: the table of docs/security.md, with a value for each."""
PASSED_OVER = {
    "http": {"method", "read_timeout", "connect_timeout"},
    "webdav": {"timeout"},
    "s3": {"acl", "sse", "sse_kms_key_id", "grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control",
           "listobjects", "read_timeout", "connect_timeout", "cache_regions"},
    "ssh": {"timeout", "max_sessions"},
    "azure": {"timeout", "read_timeout", "connection_timeout"},
}  # fmt: skip
SECURE = {"http": "https", "webdav": "webdavs"}
OPTIONS = {str(option) for schema in REMOTE_SCHEMAS.values() for option in schema if option is not str} - {"url"}
"""Every option that DVC has for a remote of any kind."""
URLS = {"": "/storage"} | {way: f"{way}://place/a" for way in [*TAKEN, "https", "webdavs"] if way}


def config(url: str, **options: str) -> bytes:
    lines = [f"{name} = {value}" for name, value in options.items()]
    return "\n".join(["[core]", "remote = a", "['remote \"a\"']", f"url = {url}", *lines]).encode()


def found(url: str, **options: str) -> Address:
    address = storage_of(config(url, **options))
    assert address
    return address


def refused(content: bytes) -> str:
    with pytest.raises(RecommenderError) as error:
        storage_of(content)
    assert str(error.value).isprintable()
    return str(error.value)


def test_an_address_is_a_way_a_host_a_port_and_a_path() -> None:
    for url, wanted in {
        "/a/b/": ("", True, "", None, "/a/b/"),
        "../a b": ("", True, "", None, "../a b"),
        "http://Host.org": ("http", False, "host.org", None, ""),
        "https://host:8443/a/b//": ("http", True, "host", 8443, "/a/b"),
        "http://127.0.0.1:1/a%20b": ("http", False, "127.0.0.1", 1, "/a%20b"),
        "webdav://[::1]/a": ("webdav", False, "[::1]", None, "/a"),
        "webdavs://host/a": ("webdav", True, "host", None, "/a"),
        "s3://Bucket.name/a": ("s3", False, "Bucket.name", None, "/a"),
        "ssh://host:2222/a": ("ssh", False, "host", 2222, "/a"),
        "gs://bucket_1": ("gs", False, "bucket_1", None, ""),
        "azure://con/a": ("azure", False, "con", None, "/a"),
    }.items():
        assert found(url) == Address(*wanted, {}), url


def test_it_is_shown_as_a_url_or_as_a_folder() -> None:
    for url, shown in {
        "https://host:8443/a/": "http://host:8443/a", "s3://bucket/a": "s3://bucket/a", "/a/b": "/a/b",
    }.items():  # fmt: skip
        assert found(url).shown() == shown


@pytest.mark.parametrize("way", TAKEN)
def test_an_option_is_taken_passed_over_or_refused(way: str) -> None:
    assert len(OPTIONS) > 70
    for scheme, option in product({way, SECURE.get(way, way)}, OPTIONS | {"anything"}):
        url, value = URLS[scheme], TAKEN[way].get(option, "1")
        if option in TAKEN[way]:
            address = found(url, **{option: value})
            assert (address.port, address.options) == ((22, {}) if option == "port" else (None, {option: value}))
        elif option in COMMON | PASSED_OVER.get(way, set()):
            assert found(url, **{option: value}) == found(url)
        else:
            said = refused(config(url, **{option: value}))
            assert said == f"its storage needs '{option}', which a repository elsewhere may not set"


def test_what_is_refused_is_named_together_and_in_any_case() -> None:
    said = refused(config("s3://bucket", VERSION_AWARE="true", Configpath="x", region="a"))
    assert "needs 'configpath, version_aware', which" in said


def test_options_and_names_are_taken_in_any_case() -> None:
    content = b"[CORE]\nRemote = Team\n['REMOTE \"team\"']\nURL = s3://bucket/a\nREGION = eu\n[cache]\ndir = x\n"
    assert storage_of(content) == Address("s3", False, "bucket", None, "/a", {"region": "eu"})


def test_of_several_remotes_the_default_one_counts_as_it_is_written() -> None:
    content = b'[core]\nremote = b\n[remote "a"]\nurl = ext://x\n[\'remote "b"\']\nurl = /b%(x)s$HOME\n'
    assert storage_of(content) == Address("", True, "", None, "/b%(x)s$HOME", {})


@pytest.mark.parametrize("content", [b"", b"[core]\n", b"x = 1\n[core]\ny = 2\n", b"remote = a\n", b"core = 5\n"])
def test_a_configuration_without_a_default_storage_names_none(content: bytes) -> None:
    assert storage_of(content) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[core]\nremote = a\n", "its default remote 'a' has no url"),
        (b"[core]\nremote = a\n['remote \"a\"']\nuser = me\n", "its default remote 'a' has no url"),
        (b"[core]\nremote = a\n['remote \"b\"']\nurl = /x\n", "its default remote 'a' has no url"),
        (b"[core]\nremote = a, b\n['remote \"a\"']\nurl = /x\n", "has no url"),
        (b"[core]\n[[remote]]\nurl = /x\n", "has no url"),
        (config("/x, /y"), "the option 'url' of its storage is not text"),
        (config("s3://bucket") + b"\nverify = a, b\n", "the option 'verify' of its storage is not text"),
        (config("s3://bucket") + b"\n[[x]]\na = b\n", "the option 'x' of its storage is not text"),
        (b"[core\n", "its .dvc/config cannot be read"),
        (b"\xff", "its .dvc/config cannot be read"),
        (b"[core]\nremote = a\nremote = b\n", "its .dvc/config cannot be read"),
        (b"[core]\nremote = 'a\n", "its .dvc/config cannot be read"),
    ],
)
def test_what_is_no_configuration_of_a_storage_is_refused(content: bytes, message: str) -> None:
    assert message in refused(content)


def test_as_much_as_the_limits_is_read_and_no_more() -> None:
    assert (LARGEST, LONGEST_LINE) == (64 << 10, 1000), "as docs/security.md says"
    line = b"#" * 999 + b"\n"
    head = config("/x") + b"\n"
    whole = head + line * ((LARGEST - len(head)) // 1000)
    whole += b"#" * (LARGEST - len(whole))
    assert storage_of(whole)
    assert f"is larger than {LARGEST:,} bytes" in refused(whole + b"#")
    assert storage_of(head + b"#" * LONGEST_LINE)
    assert f"a line of more than {LONGEST_LINE} characters" in refused(head + b"#" * (LONGEST_LINE + 1))
    assert storage_of(head + b"#" + "é".encode() * (LONGEST_LINE - 1)), "of letters, however many bytes they take"


def test_a_url_of_unprintable_or_foreign_kind_is_refused() -> None:
    for url, message in {
        "s3://a\x1b": "which is not a URL", "s3://a\u202eb": "which is not a URL", "'/a\tb'": "which is not a URL",
        "remote://other/x": "is reached by 'remote', which only DVC itself can do", "://x": "reached by ''",
        "HTTP://x": "reached by 'HTTP'", "file:///x": "reached by 'file'", "hdfs://x/y": "reached by 'hdfs'",
        "gdrive://x/y": "reached by 'gdrive'", "oss://x/y": "reached by 'oss'", "webhdfs://x": "reached by 'webhdfs'",
    }.items():  # fmt: skip
        assert message in refused(config(url)), url


@pytest.mark.parametrize("way", ["http", "https", "webdav", "webdavs", "ssh"])
def test_a_host_looks_like_one(way: str) -> None:
    for host in ("a", "A9", "a-b.c", "9", "127.0.0.1", "[::1]", "[fe80::1.2.3.4]", "a" * 253, "a.-.b"):
        assert found(f"{way}://{host}/x").host == host.lower(), host
    for host in (
        "", "-a", "a-", ".a", "a.", "_a", "a_b", "a b", "a%20b", "ä", "a,b", "a;b", "a$b", "a" * 254, "[::1", "[g::]",
        "[1]2", "a\\b", "a`b",
    ):  # fmt: skip
        assert "the url of its storage is" in refused(config(f'"{way}://{host}/x"')), host


@pytest.mark.parametrize("way", ["s3", "gs", "azure"])
def test_a_bucket_looks_like_one(way: str) -> None:
    for bucket in ("ab", "a.b-c_d", "A1", "9a", "a" * 222, "a-", "ab."):
        assert found(f"{way}://{bucket}/x").host == bucket
    for bucket in ("", "a", "-a", ".a", "_a", "a" * 223, "a:1", "me@ab", "a b", "a%2Fb", "äb", "a\\b", "..", "[::1]"):
        assert "which cannot be read from" in refused(config(f'"{way}://{bucket}/x"')), bucket


@pytest.mark.parametrize("way", ["http", "https", "webdav", "s3", "ssh", "gs", "azure"])
def test_a_path_leads_down_and_is_all_that_follows_the_host(way: str) -> None:
    for path in ("/..", "/a/../b", "/%2e%2e/a", "/a/%2E./b", "/a%2f..%2fb", "/a%00b", "/a?b=c", "/a#b", "?b", "/..?"):
        assert "which cannot be read from" in refused(config(f'"{way}://place{path}"')), path
    for path in ("/a://b", "/a..b/...", "/%2e/a", "/a//b", "/~a", "/a%20b"):
        assert found(f"{way}://place{path}").path == path


def test_a_password_in_the_url_is_refused_and_not_shown() -> None:
    for way in ("http", "https", "webdav", "s3", "ssh", "gs", "azure"):
        for login in ("me:secret@", ":secret@", "me:@"):
            said = refused(config(f"{way}://{login}place/x"))
            assert said == "the url of its storage holds a password, which is not allowed"


def test_a_port_is_a_number_and_the_options_one_goes_first() -> None:
    assert found("http://host:65535").port == 65535
    assert found("ssh://host:1/x", port="2") == Address("ssh", False, "host", 2, "/x", {})
    for port in ("65536", "x", "-1", "99999"):
        assert "the url of its storage is" in refused(config(f"http://host:{port}/x")), port
    for port in ("", "x", "-1", "123456", "1 2", "0x1", "１"):  # noqa: RUF001 - a digit, but none of ASCII
        assert "the option port of its storage is" in refused(config("ssh://host/x", port=f"'{port}'")), port
    assert found("ssh://host/x", port="65535").port == 65535
    assert "the option port of its storage is '65536', which is not valid" in refused(
        config("ssh://host", port="65536")
    )


@pytest.mark.parametrize("way", ["http", "https", "webdav", "webdavs", "ssh"])
def test_a_user_is_that_of_the_option_or_else_of_the_url(way: str) -> None:
    assert found(f"{way}://me@host/x").options == {"user": "me"}
    assert found(f"{way}://me@host/x", user="you").options == {"user": "you"}
    assert found(f"{way}://host/x", user="you").options == {"user": "you"}
    assert found(f"{way}://host/x").options == {}
    for user in ("-oProxyCommand=x", "a;b", "a%0ab", ""):
        assert "the option user of its storage is" in refused(config(f"{way}://{user}@host/x")), user


OPTION_VALUES = {
    ("ssh", "user"): (
        ["a", "_", "9", "a.b@c+d-e_f", "a" * 128],
        ["", "-a", ".a", "@a", "+a", "a b", "a;b", "a/b", "a:b", "a$b", "a\\b", "a\x1b", "é", "a" * 129],
    ),
    ("http", "auth"): (["basic"], ["", "digest", "custom", "Basic", "basic ,", "basics", "xbasic"]),
    ("s3", "region"): (
        ["a", "9", "eu-west-1", "a-", "a" * 32],
        ["", "-a", "A", "a.b", "a/b", "a#", "a_b", "a b", "a:1", "a@b", "a" * 33],
    ),
    ("gs", "projectname"): (
        ["a", "9", "a:b.c-d", "a" * 100],
        ["", "-a", ".a", ":a", "A", "a/b", "a b", "a_b", "a" * 101],
    ),
    ("azure", "account_name"): (
        ["abc", "123", "a" * 24], ["", "ab", "Abc", "a-b", "a.b", "a_b", "abc/", "abc.evil.example", "a" * 25],
    ),
    ("s3", "endpointurl"): (
        ["http://a", "https://a", "https://a.b:1/", "http://[::1]:12345", "https://A"],
        ["", "a", "ftp://a", "file:///a", "https:///", "https://", "https://a/b", "https://a//", "https://a?b",
         "https://a/#b", "https://a:", "https://a:123456", "https://me@a", "https://a\\@b", "https://-a", "https://a b",
         "xhttps://a", "httpss://a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("way", "option"), OPTION_VALUES)
def test_the_value_of_an_option_can_be_taken_for_nothing_else(way: str, option: str) -> None:
    right, wrong = OPTION_VALUES[way, option]
    for value in right:
        assert found(f"{way}://place/x", **{option: f"'{value}'"}).options == {option: value}
    for value in wrong:
        said = refused(config(f"{way}://place/x", **{option: f'"{value}"'}))
        assert f"the option {option} of its storage is" in said, value


def test_letters_beyond_ascii_and_line_breaks_are_in_no_value() -> None:
    allowed = set(ascii_letters + digits + "._-@+:/[]")
    for option, way in (("user", "ssh"), ("region", "s3"), ("projectname", "gs"), ("account_name", "azure")):
        for letter in (chr(code) for code in range(33, 400)):
            if letter not in allowed and letter not in "\"'":
                content = config(f"{way}://place/x", **{option: f"'abc{letter}'"})
                assert "storage" in refused(content) or "cannot be read" in refused(content)


def test_what_is_wrong_is_quoted_and_cut() -> None:
    said = refused(config("ssh://host/x", user="-" + "a" * 200))
    assert said == f"the option user of its storage is '-{'a' * 78}…', which is not valid"
