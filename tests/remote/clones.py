"""Clones of a project whose people share a remote, and commands that are cut off in the middle."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from projects import Project
from remote.servers import Server

PATIENCE = 60.0
"""Seconds in which a transfer has to begin."""


def shared(project: Project, server: Server, root: Path, **options: str) -> Project:
    """Clone the project for somebody who uses the server; what was never committed is not there."""
    subprocess.run(["git", "clone", "--quiet", project.root, root], check=True)
    return used_by(Project(root, dict(server.environment)), server, **options)


def used_by(project: Project, server: Server, **options: str) -> Project:
    """Make the server the default remote, with `verify`, as this repository's own has."""
    settings = {"url": server.url, "verify": "true", **server.options, **options}
    lines = [
        "[core]",
        "    remote = storage",
        "['remote \"storage\"']",
        *(f"    {k} = {settings[k]}" for k in settings),
    ]
    project.path(".dvc/config.local").write_text("\n".join(lines) + "\n")
    project.environment.update(server.environment)
    return project


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def objects(storage: Path) -> dict[str, Path]:
    """The whole objects in a cache or a remote, by their md5; what a transfer left unfinished has another name."""
    found = (path for folder in storage.rglob("files/md5/??") for path in folder.iterdir())
    return {p.parent.name + p.name: p for p in found if re.fullmatch("[0-9a-f]{30}", p.name)}


def damage(path: Path) -> None:
    """Change one byte and nothing else that shows: not the size, the time or the mode."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(before.st_mode & 0o777)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path.stat().st_size
        except FileNotFoundError:  # moved into place at this moment
            pass


def cut_off(
    project: Project, *command: str, into: Path, by: Callable[["subprocess.Popen[str]"], None]
) -> tuple[int, str]:
    """Run a DVC command, and do something as soon as bytes arrive in a folder; return its exit code and output."""
    before = sum(sizes(into))
    running = subprocess.Popen(
        [sys.executable, "-m", "dvc", *command], cwd=project.root, env=project.env(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    while sum(sizes(into)) <= before:
        if running.poll() is not None or time.monotonic() > deadline:
            running.kill()
            pytest.fail(f"dvc {' '.join(command)} moved nothing:\n{running.communicate()[0]}")
        time.sleep(0.001)
    by(running)
    output = running.communicate()[0]
    return running.returncode, output


def kill_9(running: "subprocess.Popen[str]") -> None:
    os.killpg(running.pid, signal.SIGKILL)
