"""A model comes from a repository elsewhere, out of every kind of storage, with the logins of the user's own files."""

from pathlib import Path

import pytest
from published import ANSWER, Published
from remote.nginx import HttpServer, WebdavServer
from remote.servers import PASSWORD, USER, S3Server, SshServer

from recommender import Recommender, RecommenderError


def told(stranger: Published) -> list[str]:
    return [row.program_id for row in Recommender.load(rev="main", repo=stranger.url).recommend("u_0", k=3)]


def refused(stranger: Published) -> str:
    with pytest.raises(RecommenderError) as error:
        told(stranger)
    assert len(str(error.value).splitlines()) == 1
    assert PASSWORD not in str(error.value)
    return str(error.value)


def lose_one(storage: Path) -> None:
    next(path for path in storage.rglob("??????????????????????????????") if path.is_file()).unlink()


def test_from_a_web_server_anybody_reads(stranger: Published, tmp_path: Path) -> None:
    with HttpServer(tmp_path / "http", stranger.storage) as server:
        stranger.configure(url=server.url + "/")
        stranger.commit()
        assert told(stranger) == ANSWER


def test_from_webdav_with_the_login_in_netrc(stranger: Published, tmp_path: Path) -> None:
    with WebdavServer(tmp_path / "webdav", stranger.storage) as server:
        stranger.configure(f"user = {USER}", url=server.url)
        stranger.commit()
        assert "401 Unauthorized; a login is sent if ~/.netrc has an entry for the machine 127.0.0.1" in refused(
            stranger
        )
        netrc = Path.home() / ".netrc"
        netrc.write_text(f"machine 127.0.0.1 login {USER} password wrong\n")
        netrc.chmod(0o600)
        assert "401 Unauthorized" in refused(stranger)
        netrc.write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
        assert told(stranger) == ANSWER


def test_from_s3_with_credentials_for_the_endpoint_that_the_user_names(
    stranger: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = tmp_path / "s3"
    with S3Server(tmp_path / "server", storage) as server:
        stranger.storage.rename(storage / "team/recommender")
        for name, value in server.environment.items():
            if name.startswith("AWS"):
                monkeypatch.setenv(name, value)
        endpoint = server.options["endpointurl"]
        stranger.configure(f"endpointurl = {endpoint}", url=server.url)
        stranger.commit()
        said = refused(stranger)
        assert f"no credentials are sent to {endpoint} unless AWS_ENDPOINT_URL_S3 names it" in said
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        assert told(stranger) == ANSWER
        lose_one(storage)
        for path in (Path.home() / "cache/recommender/artifacts").rglob("??????????????????????????????"):
            path.unlink()
        assert "is in neither DVC's cache nor the remote" in refused(stranger)


def test_over_ssh_with_the_users_key_from_a_host_that_the_user_knows(stranger: Published, tmp_path: Path) -> None:
    with SshServer(tmp_path / "ssh", stranger.storage) as server:
        (server.home / ".ssh").rename(Path.home() / ".ssh")
        config = (server.folder / "sshd_config").read_text()
        keys = config.replace(str(server.home / ".ssh"), str(Path.home() / ".ssh"))
        (server.folder / "sshd_config").write_text(keys)
        server.restart()
        stranger.configure(url=server.url)
        stranger.commit()
        assert f"run `ssh -p {server.port} 127.0.0.1` once, and confirm that the host is the right one" in refused(
            stranger
        )
        known, host_key = Path.home() / ".ssh/known_hosts", (server.folder / "host_key.pub").read_text()
        user_key = (Path.home() / ".ssh/id_ed25519.pub").read_text()
        known.write_text(f"[127.0.0.1]:{server.port} {user_key}")
        assert "cannot be fetched" in refused(stranger)
        known.write_text(f"[127.0.0.1]:{server.port} {host_key}")
        assert told(stranger) == ANSWER
        lose_one(stranger.storage)
        for path in (Path.home() / "cache/recommender/artifacts").rglob("??????????????????????????????"):
            path.unlink()
        assert "is in neither DVC's cache nor the remote" in refused(stranger)
