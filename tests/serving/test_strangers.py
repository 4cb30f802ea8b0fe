"""A stranger's repository is data: nothing of it runs, asks, keeps waiting, or leads anywhere but to its storage."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from loopback import answering, redirecting, web_server
from memory import memory_of
from numpy.typing import NDArray
from published import ANSWER, MODELS, WEIGHTS, Published, artifacts, published

import recommender.git
from recommender import Recommender, RecommenderError
from recommender.files.arrays import write_arrays
from recommender.serving.repository import Repository
from recommender.serving.storage import transfer
from recommender.serving.storage.address import storage_of

MANY = 2**23
HOSTILE: dict[str, dict[str, NDArray[Any]]] = {
    "of another number of programs": {"dense": WEIGHTS, "items": np.arange(4, dtype=np.int32), "n_items": np.array(5)},
    "of more programs than can be held": {
        "dense": WEIGHTS, "items": np.arange(4, dtype=np.int32), "n_items": np.array(2**31 - 1),
    },
    "of many empty rows": {
        "data": np.zeros(0, np.float32), "indices": np.zeros(0, np.int8),
        "indptr": np.zeros(MANY + 1, np.int8), "n_items": np.array(MANY),
    },
    "not finite": {
        "dense": np.full((4, 4), np.inf, np.float32), "items": np.arange(4, dtype=np.int32), "n_items": np.array(4),
    },
    "half of a model": {"dense": WEIGHTS, "n_items": np.array(4)},
    "two models": {name: array for model in MODELS.values() for name, array in model.arrays.items()},
}  # fmt: skip


def told(url: str, rev: str = "v1.0.0") -> list[str]:
    return [row.program_id for row in Recommender.load(rev=rev, repo=url).recommend("u_0", k=3)]


def refused(url: str, rev: str = "v1.0.0") -> str:
    with pytest.raises(RecommenderError) as error:
        Recommender.load(rev=rev, repo=url)
    said = str(error.value)
    assert len(said.splitlines()) == 1
    assert said.isprintable()
    return said


def release(stranger: Published, version: str = "v2.0.0") -> str:
    stranger.commit()
    stranger.git("tag", f"recommender@{version}")
    return version


def test_what_is_needed_is_the_commit_its_lock_and_the_address_of_the_storage(stranger: Published) -> None:
    assert told(stranger.url) == ANSWER


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_any_kind_is_loaded_from_elsewhere(kind: str, tmp_path: Path) -> None:
    project = published(tmp_path / "stranger", kind)
    assert told(project.url)[:2] == ANSWER[:2]


@pytest.mark.parametrize("kind", HOSTILE)
def test_weights_that_are_no_model_are_refused_in_one_line(kind: str, stranger: Published, tmp_path: Path) -> None:
    write_arrays(tmp_path / "weights.npz", HOSTILE[kind])
    content = (tmp_path / "weights.npz").read_bytes()
    stranger.store(artifacts(tmp_path) | {"models/factors.npz": content})
    with memory_of() as used:
        refused(stranger.url, release(stranger))
    assert used() < 64 << 20


def test_a_bare_repository_in_a_folder_is_one_elsewhere(stranger: Published, tmp_path: Path) -> None:
    stranger.git("clone", "--quiet", "--bare", os.fspath(stranger.root), os.fspath(tmp_path / "bare.git"))
    for location in (tmp_path / "bare.git", os.fspath(tmp_path / "bare.git"), (tmp_path / "bare.git").as_uri()):
        assert [row.program_id for row in Recommender.load("v1.0.0", location).recommend("u_0", k=3)] == ANSWER


def test_it_loads_within_a_program_that_runs_a_loop_as_a_notebook_does(stranger: Published) -> None:
    async def cell() -> list[str]:
        return told(stranger.url)

    assert asyncio.run(cell()) == ANSWER


IMPORTS = {
    "of another repository": """\
deps:
- path: ids.json
  repo:
    url: {second}
outs:
- {{md5: {md5}, size: {size}, hash: md5, path: ids.json}}
""",
    "of another repository, with its own configuration": """\
deps:
- path: ids.json
  repo:
    url: {second}
    config: {{remote: {{storage: {{url: '{url}', bearer_token_command: 'touch {evidence}'}}}}}}
outs:
- {{md5: {md5}, size: {size}, hash: md5, path: ids.json}}
""",
    "of a URL, with a file system's configuration": """\
deps:
- path: {url}ids.json
  fs_config: {{bearer_token_command: 'touch {evidence}'}}
outs:
- {{hash: md5, path: ids.json}}
""",
}


def plant(kind: str, stranger: Published, url: str, evidence: Path) -> None:
    """Plant an import in the place of the ids: DVC would open what it names, and run the command that it names."""
    command = f"bearer_token_command = touch {evidence}"
    second = Published(stranger.root.with_name("second"), stranger.storage)
    second.root.mkdir()
    second.git("init", "--quiet")
    recorded = yaml.safe_load((stranger.root / "dvc.lock").read_text())["stages"]["matrix"]["outs"][0]
    md5, size = recorded["md5"], recorded["size"]
    second.write("ids.json.dvc", f"outs:\n- {{md5: {md5}, size: {size}, hash: md5, path: ids.json}}\n")
    second.configure(command if kind == "of another repository" else "verify = true", url=url)
    second.commit()
    content = IMPORTS[kind].format(second=second.root, url=url, evidence=evidence, md5=md5, size=size)
    stranger.write("data/matrix/ids.json.dvc", content)
    with (stranger.root / ".dvc/config").open("a") as config:
        config.write(f"[cache]\n    dir = {evidence.with_name('its-cache')}\n")


@pytest.mark.parametrize("kind", IMPORTS)
@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "not stored"])
def test_a_file_that_imports_is_not_even_read(kind: str, is_stored: bool, stranger: Published, tmp_path: Path) -> None:
    with web_server(tmp_path / "nothing", status=401) as url:
        plant(kind, stranger, url.replace("http", "webdav") + "/", tmp_path / "evidence")
        if not is_stored:
            shutil.rmtree(stranger.storage)
        version = release(stranger)
        if is_stored:
            assert told(stranger.url, version) == ANSWER
        else:
            assert "is in neither DVC's cache nor the remote" in refused(stranger.url, version)
    assert not (tmp_path / "evidence").exists()
    assert not (tmp_path / "its-cache").exists()


@pytest.mark.parametrize("kind", IMPORTS)
def test_the_planted_imports_do_run_where_dvc_reads_them(kind: str, stranger: Published, tmp_path: Path) -> None:
    """Else the test above could not fail."""
    from dvc.api import DVCFileSystem
    from dvc.repo import Repo

    with web_server(tmp_path / "nothing", status=401) as url:
        plant(kind, stranger, url.replace("http", "webdav") + "/", tmp_path / "evidence")
        shutil.rmtree(stranger.storage)
        commit = stranger.commit()
        with contextlib.suppress(Exception), Repo.open(str(stranger.root), rev=commit) as repo:
            DVCFileSystem(repo=repo).get_file("data/matrix/ids.json", str(tmp_path / "got"))
    assert (tmp_path / "evidence").exists()


REFUSED = (
    "bearer_token_command = touch {evidence}", "ask_password = true", "credentialpath = {evidence}",
    "configpath = {evidence}", "keyfile = ~/.ssh/id_ed25519", "ask_passphrase = true", "password = secret",
    "ssl_verify = false", "token = x", "cert_path = /x", "custom_auth_header = x", "gdrive_client_id = x",
    "version_aware = true", "worktree = true", "gss_auth = true", "profile = production", "made_up = 1",
)  # fmt: skip


@pytest.mark.parametrize("option", REFUSED[:2])
@pytest.mark.parametrize("url", [None, "webdav://127.0.0.1:9/x"])
def test_an_option_that_is_more_than_an_address_is_refused(
    option: str, url: str | None, stranger: Published, tmp_path: Path
) -> None:
    stranger.configure(option.format(evidence=tmp_path / "evidence"), url=url)
    said = refused(stranger.url, release(stranger))
    assert f"'{option.split()[0]}', which a repository elsewhere may not set; clone it" in said
    assert not (tmp_path / "evidence").exists()


@pytest.mark.parametrize(
    "url", ["/x", "webdav://h/x", "https://h/x", "ssh://h/x", "s3://bucket/x", "gs://b/x", "azure://b/x"]
)
def test_every_such_option_is_refused_on_every_way_and_its_value_is_not_shown(url: str) -> None:
    for option in REFUSED:
        said = unaddressed(url, option)
        assert f"'{option.split()[0]}', which a repository elsewhere may not set" in said
        assert option.rpartition("= ")[2] not in said.replace(option.split()[0], "")


def test_what_a_hidden_commit_configures_does_not_count_and_the_default_branch_decides(
    stranger: Published, tmp_path: Path
) -> None:
    stranger.configure(f"bearer_token_command = touch {tmp_path}/evidence", url="webdav://127.0.0.1:9/x")
    version = release(stranger)
    stranger.configure()
    stranger.commit("Hide it")
    assert told(stranger.url, version) == ANSWER
    assert not (tmp_path / "evidence").exists()


@pytest.mark.usefixtures("stranger")
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ext::touch {evidence}", "cannot be cloned: .*transport 'ext' not allowed"),
        ("--upload-pack=touch {evidence}", "cannot be cloned"),
        ("-u touch {evidence}", "cannot be cloned"),
        ("ssh://-oProxyCommand=touch%20{evidence}/x", "cannot be cloned"),
        ("fd::17/x", "cannot be cloned"),
        ("ftp://127.0.0.1:9/x", "cannot be cloned"),
        ("\x1b[2J", r"\\x1b\[2J cannot be cloned"),
        ("x\0y", "is not a repository"),
    ],
)  # fmt: skip
def test_a_url_that_is_a_command_or_an_option_is_refused(
    url: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = tmp_path / "evidence"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[protocol]\n\tallow = always\n")
    with pytest.raises(RecommenderError, match=message) as error:
        Recommender.load(rev="v1.0.0", repo=url.format(evidence=evidence))
    assert str(error.value).isprintable()
    assert not evidence.exists()


def test_hooks_filters_attributes_submodules_and_includes_of_a_repository_run_nothing(
    stranger: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = tmp_path / "evidence"
    command = f"touch {evidence}"
    # Whoever loads has drivers of their own, which the stranger's attributes could choose.
    config = tmp_path / "gitconfig"
    config.write_text(
        f'[diff "x"]\n\ttextconv = {command};:\n[filter "x"]\n\tsmudge = {command}\n\tclean = {command}\n'
        f"[protocol]\n\tallow = always\n[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {tmp_path}/gpg\n"
    )
    (tmp_path / "gpg").write_text(f"#!/bin/sh\n{command}\n")
    (tmp_path / "gpg").chmod(0o755)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    stranger.write(".gitattributes", "* diff=x filter=x\n")
    for hook in ("post-checkout", "reference-transaction", "post-merge", "post-update"):
        stranger.write(f".git/hooks/{hook}", f"#!/bin/sh\n{command}\n")
    stranger.write(".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::{command}\n\tupdate = !{command}\n')
    stranger.write(".lfsconfig", f"[lfs]\n\tcustomtransfer = {command}\n")
    version = release(stranger)
    assert told(stranger.url, version) == ANSWER
    Repository(stranger.url).describe(Repository(stranger.url).commit(version))
    assert not evidence.exists()


def test_what_the_other_side_configures_includes_or_borrows_from_runs_nothing_here(
    stranger: Published, tmp_path: Path
) -> None:
    """Over `file://`, the other side's Git runs on this machine, in a repository that is theirs."""
    command = f"touch {tmp_path}/evidence"
    version = release(stranger)
    objects = stranger.root / ".git/objects"
    borrowed = tmp_path / "borrowed"
    shutil.copytree(objects, borrowed)
    shutil.rmtree(objects)
    (objects / "info").mkdir(parents=True)
    (objects / "info/alternates").write_text(f"{borrowed}\n/proc/self/root\n../../../../etc\n")
    core = ("fsmonitor", "alternateRefsCommand", "sshCommand", "pager", "editor", "gitProxy", "askPass")
    settings: dict[str, tuple[str, ...]] = {"core": core}
    settings |= {"uploadpack": ("packObjectsHook",), "gpg": ("program",), "credential": ("helper",)}
    lines = [f"[{section}]\n\t{name} = {command}" for section, names in settings.items() for name in names]
    (tmp_path / "included").write_text("\n".join(lines) + "\n")
    with (stranger.root / ".git/config").open("a") as config:
        config.write(f"[include]\n\tpath = {tmp_path}/included\n")
    assert told(stranger.url, version) == ANSWER
    repository = Repository(stranger.url)
    repository.update()
    assert repository.releases()
    assert not (tmp_path / "evidence").exists()


def test_a_pinned_commit_is_what_its_hash_says_whatever_the_repository_would_put_in_its_place(
    stranger: Published,
) -> None:
    pinned = stranger.git("rev-parse", "HEAD").strip()
    stranger.write("dvc.lock", "schema: '2.0'\nstages: {}\n")
    other = stranger.commit("Something else")
    stranger.git("replace", pinned, other)
    assert told(stranger.url, pinned) == ANSWER
    assert "stages: {}" not in Repository(stranger.root).file(pinned, "dvc.lock").decode()


@pytest.mark.parametrize("name", ["dvc.lock", ".dvc/config"])
@pytest.mark.parametrize("kind", ["a link", "a submodule", "too large"])
def test_a_file_that_is_a_link_a_submodule_or_too_large_is_refused(
    name: str, kind: str, stranger: Published, tmp_path: Path
) -> None:
    if kind == "too large":
        stranger.write(name, b"#" * (17 << 20))
    elif kind == "a link":
        (tmp_path / "secret").write_bytes((stranger.root / name).read_bytes())
        (stranger.root / name).unlink()
        (stranger.root / name).symlink_to(tmp_path / "secret")
    else:
        head = stranger.git("rev-parse", "HEAD").strip()
        (stranger.root / name).unlink()
        stranger.git("update-index", "--force-remove", name)
        stranger.git("update-index", "--add", "--cacheinfo", f"160000,{head},{name}")
        stranger.git("commit", "--quiet", "--message", "A submodule in its place")
        stranger.git("tag", "recommender@v2.0.0")
        assert "it is a link, a folder or a submodule, not a file" in refused(stranger.url, "v2.0.0")
        return
    said = refused(stranger.url, release(stranger))
    assert ("it is a link, a folder or a submodule" if kind == "a link" else "the limit is 16,777,216") in said


@pytest.mark.parametrize("path", ["../../secret/ids.json", "/etc/ids.json", "a/../../ids.json", "x\0/ids.json"])
def test_a_path_that_leads_out_of_the_project_is_no_path(path: str, stranger: Published) -> None:
    lock = (stranger.root / "dvc.lock").read_text().replace("data/matrix/ids.json", repr(path).replace("'", '"'))
    stranger.write("dvc.lock", lock)
    said = refused(stranger.url, release(stranger))
    assert "dvc.lock records no ids.json" in said or "dvc.lock cannot be read" in said


def test_an_address_that_leads_out_of_its_folder_or_to_another_kind_of_thing_is_refused() -> None:
    for way, message in {
        "s3://../../x": "which cannot be read from", "s3://bucket/a/../b": "which cannot be read from",
        "http://host/%2e%2e/x": "which cannot be read from", "http://a b/x": "which cannot be read from",
        "http://user:pass@host/x": "holds a password", "http://host/x?y=1": "which cannot be read from",
        "http://host:99999/x": "which is not a URL", "http://[::1/x": "which is not a URL",
        "ssh://-oProxyCommand=x/y": "which cannot be read from",
        "remote://other/x": "which only DVC itself", "gdrive://x": "which only DVC itself", "hdfs://x/y": "DVC itself",
        "://x": "which only DVC itself can do", "HTTP://x": "which only DVC itself can do",
    }.items():  # fmt: skip
        assert message in unaddressed(way), way
    for option in (
        "region = x.evil.example/#", "endpointurl = ''", "endpointurl = https://evil.example\\@s3.amazonaws.com",
        'endpointurl = "https://evil.example/#.amazonaws.com"', "endpointurl = file:///etc", "port = x", "port = -1",
        "user = -oProxyCommand=x", "user = a;b", "account_name = evil.example/", "projectname = a b", "auth = digest",
    ):  # fmt: skip
        ways = {"region": "s3", "endpointurl": "s3", "account_name": "azure", "projectname": "gs", "auth": "http"}
        assert "which is not valid" in unaddressed(f"{ways.get(option.split()[0], 'ssh')}://bucket/x", option), option


def unaddressed(url: str, option: str = "") -> str:
    with pytest.raises(RecommenderError) as error:
        storage_of(f"[core]\nremote = a\n['remote \"a\"']\nurl = {url}\n{option}\n".encode())
    assert str(error.value).isprintable()
    return str(error.value)


def test_a_storage_that_is_a_folder_is_one_of_this_machine_only_for_a_repository_of_this_machine(
    stranger: Published,
) -> None:
    with serving_git(stranger) as url:
        assert "a folder on the machine where it was made" in refused(url)


def test_an_object_that_is_no_file_is_refused_at_once(stranger: Published) -> None:
    for path in list(stranger.storage.rglob("??????????????????????????????")):
        path.unlink()
        os.mkfifo(path)
    assert "is not a file" in refused(stranger.url)


def test_an_object_that_grows_without_end_is_given_up_at_its_recorded_size(stranger: Published) -> None:
    for path in list(stranger.storage.rglob("??????????????????????????????")):
        with path.open("r+b") as stream:
            stream.truncate(10 << 30)
    assert "it sends more than the" in refused(stranger.url)


def test_a_size_that_nobody_can_hold_is_refused_before_anything_is_fetched(stranger: Published) -> None:
    lock = (stranger.root / "dvc.lock").read_text()
    sizes = [line for line in lock.splitlines() if "size:" in line]
    for line in sizes:
        lock = lock.replace(line, line.partition(":")[0] + f": {1 << 60}")
    stranger.write("dvc.lock", lock)
    assert "the limit is 17,179,869,184" in refused(stranger.url, release(stranger))


@contextlib.contextmanager
def serving_git(project: Published) -> Iterator[str]:
    """Serve a repository over HTTP, as a plain folder."""
    project.git("update-server-info")
    with web_server(project.root / ".git") as url:
        yield url


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of a second, where a user has those of a minute."""
    monkeypatch.setattr(recommender.git, "SILENCE", 1.0)
    monkeypatch.setattr(transfer, "START", 1.0)


@pytest.mark.usefixtures("impatient", "stranger")
@pytest.mark.parametrize("scheme", ["git", "http", "ssh"])
def test_a_git_server_that_accepts_and_stays_silent_is_given_up(scheme: str) -> None:
    with answering(b"") as port:
        said = refused(f"{scheme}://127.0.0.1:{port}/x.git")
    assert "cannot be cloned: the other side said nothing for 1 seconds" in said


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/x", "webdav://127.0.0.1:{}/x", "s3://bucket/x", "ssh://127.0.0.1:{}/x"]
)
@pytest.mark.parametrize(
    ("answer", "again"),
    [(b"", b""), (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n")],
    ids=["silent", "by the byte", "endless headers"],
)  # fmt: skip
def test_a_storage_that_stays_silent_or_never_ends_is_given_up(
    url: str, answer: bytes, again: bytes, stranger: Published
) -> None:
    with answering(answer, again=again) as port:
        options = [f"endpointurl = http://127.0.0.1:{port}"] if url.startswith("s3") else []
        stranger.configure(*options, url=url.format(port))
        said = refused(stranger.url, release(stranger))
    assert "cannot be fetched from DVC's cache or the remote" in said


def test_a_login_goes_only_to_the_host_that_netrc_names(stranger: Published) -> None:
    heard: list[dict[str, str]] = []
    netrc = Path.home() / ".netrc"
    netrc.write_text("default login everybody password secret\n")
    netrc.chmod(0o600)
    with web_server(stranger.storage, heard) as url:
        stranger.configure(url=url)
        version = release(stranger)
        assert told(stranger.url, version) == ANSWER
        assert len(heard) == 4
        assert not [headers for headers in heard if "Authorization" in headers]
        netrc.write_text("machine 127.0.0.1 login me password secret\n")
        for path in (Path.home() / "cache/recommender/artifacts").rglob("??????????????????????????????"):
            path.unlink()
        assert told(stranger.url, version) == ANSWER
        assert [headers["Authorization"] for headers in heard[4:]] == ["Basic bWU6c2VjcmV0"] * 4


def test_amazons_credentials_go_only_to_amazon_and_to_the_endpoint_that_the_user_names(
    stranger: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[dict[str, str]] = []
    for name, value in {"ACCESS_KEY_ID": "me", "SECRET_ACCESS_KEY": "secret", "SESSION_TOKEN": "token"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    bucket = stranger.root.parent / "s3/bucket"
    bucket.parent.mkdir()
    bucket.symlink_to(stranger.storage)
    with web_server(bucket.parent, heard) as url:
        stranger.configure(f"endpointurl = {url}", url="s3://bucket")
        version = release(stranger)
        assert told(stranger.url, version) == ANSWER
        assert len(heard) == 4
        sent = " ".join(f"{name}: {value}" for headers in heard for name, value in headers.items())
        assert "Authorization" not in sent
        assert "token" not in sent.lower().replace("x-amz-security-token", "")
        for path in (Path.home() / "cache/recommender/artifacts").rglob("??????????????????????????????"):
            path.unlink()
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        assert told(stranger.url, version) == ANSWER
        assert all("Authorization" in headers for headers in heard[4:])


def test_a_login_does_not_go_along_to_another_host(stranger: Published) -> None:
    heard: list[dict[str, str]] = []
    netrc = Path.home() / ".netrc"
    netrc.write_text("machine localhost login me password secret\n")
    netrc.chmod(0o600)
    with web_server(stranger.storage, heard) as target, redirecting(target) as (url, first):
        stranger.configure(url=url.replace("127.0.0.1", "localhost"))
        assert told(stranger.url, release(stranger)) == ANSWER
    assert all("Authorization" in headers for headers in first)
    assert len(heard) == 4
    assert not [headers for headers in heard if "Authorization" in headers]


def test_a_server_that_leads_on_and_on_is_given_up(stranger: Published) -> None:
    with redirecting("/again") as (url, asked):
        stranger.configure(url=url)
        assert "TooManyRedirects" in refused(stranger.url, release(stranger))
    assert len(asked) <= 6
