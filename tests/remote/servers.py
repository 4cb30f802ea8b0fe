"""Real servers on loopback, each with its own keys, configuration and storage: OpenSSH, nanio (S3); and none."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import pytest

USER = "team"
PASSWORD = "the-teams-password"  # noqa: S105 - of a server that lives as long as a test
PATIENCE = 20.0  # seconds that a server has to start


def tool(name: str) -> str:
    """Find a server's program, also where only root has it on the path."""
    found = shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin")
    return found or not_installed(name)


def not_installed(name: str) -> NoReturn:
    """Skip the test for want of a server; in CI, which installs it, fail."""
    (pytest.fail if "CI" in os.environ else pytest.skip)(f"{name} is not installed (.ci/run installs it)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(ABC):
    """A server that runs from `with` to the end of the block, or until it is killed.

    Attributes
    ----------
    folder
        Where its keys, configuration and log are.
    storage
        The folder in which the objects lie, as the server stores them.
    home
        The home folder of a user of this server: what a user has there, such as a key, is there.
    environment
        What a user of this server has in the environment, such as credentials.
    """

    def __init__(self, folder: Path, storage: Path | None = None) -> None:
        self.folder = folder
        self.storage = storage or folder / "storage"
        self.home = folder / "home"
        self.environment = {"HOME": str(self.home), "DVC_SITE_CACHE_DIR": str(folder / "site")}
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.storage.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        self.configure()

    @abstractmethod
    def configure(self) -> None:
        """Write the keys and the configuration."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The remote's URL."""

    @property
    def options(self) -> dict[str, str]:
        """What else the remote's configuration needs, and who may use it."""
        return {}

    def start(self) -> None:
        """Start, and return once connections are taken."""
        with (self.folder / "log").open("ab") as log:
            # A session of its own, so that what the server forks can be ended with it.
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.kill()
        pytest.fail(f"{self.command()[0]} did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """End the server and all its processes at once, as a crash of its machine does."""
        if self.process is not None and self.process.poll() is None:
            # sshd gives each connection a process group of its own.
            task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}")
            for pid in [self.process.pid, *map(int, (task / "children").read_text().split())]:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        """Start again, on the same port."""
        self.kill()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()


class Folder(Server):
    """No server at all: the repository's default storage, in somebody's home folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder / "home/.local/share/recommender/storage")

    def configure(self) -> None:
        pass

    def command(self) -> list[str]:
        return []

    def start(self) -> None:
        pass

    @property
    def url(self) -> str:
        return "~/.local/share/recommender/storage"


class SshServer(Server):
    """OpenSSH's SFTP; the user logs in with the key in the home folder."""

    def configure(self) -> None:
        keys = self.home / ".ssh"
        keys.mkdir(mode=0o700)
        for key in (self.folder / "host_key", keys / "id_ed25519"):
            subprocess.run([tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        (self.folder / "sshd_config").write_text(
            f"""\
ListenAddress 127.0.0.1:{self.port}
HostKey {self.folder}/host_key
AuthorizedKeysFile {keys}/id_ed25519.pub
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
"""
        )

    def command(self) -> list[str]:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # sshd as root asks for it
        return [tool("sshd"), "-D", "-e", "-f", str(self.folder / "sshd_config")]

    @property
    def url(self) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{self.storage}"


class S3Server(Server):
    """nanio, which keeps each bucket as a folder and each object as a file."""

    bucket = "team"

    def configure(self) -> None:
        (self.storage / self.bucket).mkdir()
        # One attempt: a test need not wait a quarter of a minute for a server that is down on purpose.
        self.environment |= {"AWS_ACCESS_KEY_ID": USER, "AWS_SECRET_ACCESS_KEY": PASSWORD, "AWS_MAX_ATTEMPTS": "1"}
        (self.folder / "nanio.toml").write_text(f'[[users]]\naccess_key = "{USER}"\nsecret_key = "{PASSWORD}"\n')

    def command(self) -> list[str]:
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self.storage)]
        return [sys.executable, "-m", "nanio", "serve", "--options", str(self.folder / "nanio.toml"), *where]

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/recommender"

    @property
    def options(self) -> dict[str, str]:
        return {"endpointurl": f"http://127.0.0.1:{self.port}"}
