"""SSH's file transfer gives an object to the user whom the address names, from a host that this user knows."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from loopback import answering, full
from serving.storage.fetching import CONTENT, address, failed, fetched, stored

from recommender.serving.storage import ssh
from recommender.serving.storage.transfer import Missing


@dataclass
class Host:
    """A server of SSH in a thread of this process; it lets everybody in who has the user's key."""

    folder: Path
    users: list[str] = field(default_factory=list)
    agents: list[str | None] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.user_key = asyncssh.generate_private_key("ssh-ed25519")

    @property
    def known(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.key.export_public_key().decode()}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        users, user_key = self.users, self.user_key
        ready, stop, loops = threading.Event(), asyncio.Event(), []

        class Door(asyncssh.SSHServer):
            def begin_auth(self, username: str) -> bool:
                users.append(username)
                return True

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                return username != "stranger" and key.public_data == user_key.public_data

        def sftp(channel: Any) -> asyncssh.SFTPServer:
            self.agents.append(channel.get_agent_path())
            return asyncssh.SFTPServer(channel)

        async def serve() -> None:
            loops.append(asyncio.get_running_loop())
            server = await asyncssh.create_server(
                Door, "127.0.0.1", 0, server_host_keys=[self.key], sftp_factory=sftp, password_auth=False
            )
            self.port = server.get_port()
            ready.set()
            await stop.wait()
            server.close()
            await server.wait_closed()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert ready.wait(20)
        try:
            yield
        finally:
            loops[0].call_soon_threadsafe(stop.set)
            thread.join()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A running host that this user, whose home folder is new, knows and has a key for."""
    found = Host(tmp_path / "storage")
    keys = tmp_path / ".ssh"
    keys.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (keys / "id_ed25519").write_bytes(found.user_key.export_private_key())
    (keys / "id_ed25519").chmod(0o600)
    with found.running():
        (keys / "known_hosts").write_text(found.known)
        yield found


def test_an_object_comes_whole_to_the_user_whom_the_address_names(host: Host, tmp_path: Path) -> None:
    content = CONTENT * 100_000
    stored(host.folder, content)
    where = address("ssh", port=host.port, path=str(host.folder), user="me")
    assert fetched(where, tmp_path, size=len(content)) == content
    assert set(host.users) == {"me"}
    host.users.clear()
    fetched(address("ssh", port=host.port, path=str(host.folder)), tmp_path, size=len(content))
    assert "me" not in host.users
    assert host.users


def test_the_host_gets_no_way_to_the_users_agent_even_if_the_users_settings_give_one(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    (tmp_path / ".ssh/config").write_text("ForwardAgent yes\n")
    stored(host.folder)
    where = address("ssh", port=host.port, path=str(host.folder))
    with socket.socket(socket.AF_UNIX) as agent:
        agent.bind(str(tmp_path / "agent"))
        assert fetched(where, tmp_path) == CONTENT
    assert host.agents == [None]


def test_what_is_not_there_is_missing(host: Host, tmp_path: Path) -> None:
    host.folder.mkdir()
    for folder in (host.folder, host.folder / "none"):
        where = address("ssh", port=host.port, path=str(folder))
        with pytest.raises(Missing, match=f"ssh://127.0.0.1:{host.port}{folder}"):
            fetched(where, tmp_path)


def test_a_host_that_the_user_does_not_know_gets_no_key(host: Host, tmp_path: Path) -> None:
    stored(host.folder)
    (tmp_path / ".ssh/known_hosts").write_text("")
    said = failed(address("ssh", port=host.port, path=str(host.folder)), tmp_path)
    assert said.endswith(f"; run `ssh -p {host.port} 127.0.0.1` once, and confirm that the host is the right one")
    assert host.users == []


def test_a_user_whom_the_host_does_not_let_in_is_told(host: Host, tmp_path: Path) -> None:
    said = failed(address("ssh", port=host.port, path="/x", user="stranger"), tmp_path)
    assert said.startswith("Permission denied for user stranger")


def test_a_host_that_is_silent_or_takes_no_connection_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "CONNECTING", 0.4)
    with answering(b"") as port:
        assert failed(address("ssh", port=port), tmp_path) == "TimeoutError"
    with full() as port:
        assert failed(address("ssh", port=port), tmp_path) == "TimeoutError"


def test_a_host_that_is_none_or_takes_no_calls_is_one_line(tmp_path: Path) -> None:
    assert "idna" in failed(address("ssh", "a..b", 9), tmp_path)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert "Connect call failed" in failed(address("ssh", port=closed.getsockname()[1]), tmp_path)
        assert "Connect call failed" in failed(address("ssh", "[::1]", closed.getsockname()[1]), tmp_path)
