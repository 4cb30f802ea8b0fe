"""Fixtures: a small repository with data of some weight, and a server of each kind."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from projects import Once, Project
from remote.nginx import WebdavServer
from remote.servers import Folder, S3Server, Server, SshServer

SERVERS: dict[str, Callable[[Path], Server]] = {
    "folder": Folder,
    "ssh": SshServer,
    "s3": S3Server,
    "webdav": WebdavServer,
}


@pytest.fixture(scope="session")
def weighty(once: Once) -> Project:
    """A DVC repository with six files of 8 MB, heavy enough to be cut off on their way. Not to be changed: copy it."""
    return once("weighty", make_weighty)


def make_weighty(root: Path) -> None:
    project = Project(root)
    project.path("data").mkdir(parents=True)
    names = [f"data/{number}.bin" for number in range(6)]
    for name in names:
        project.path(name).write_bytes(os.urandom(8 << 20))
    project.git("init", "--quiet", "--initial-branch", "main")
    project.dvc("init", "--quiet")
    project.dvc("add", "--quiet", *names)
    project.commit()


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """The running server that the test names."""
    with SERVERS[request.param](tmp_path / "server") as running:
        yield running
