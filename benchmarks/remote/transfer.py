"""How long do push and pull take, of one large file and of many small ones, against each storage?

    PYTHONPATH=tests python benchmarks/remote/transfer.py [--megabytes 1000] [--files 1000] [--rounds 1] [--verify true]

It uses the servers of the tests, on this machine: loopback has no latency and both sides share one disk, so this
compares DVC's own work and the protocols, and not networks. A pull goes into a new clone, and includes the checkout.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import machine, print_table
from projects import Project
from remote.clones import shared, used_by
from remote.nginx import HttpServer, WebdavServer
from remote.servers import Folder, S3Server, Server, SshServer

MB = 1 << 20
KINDS: dict[str, type[Server]] = {"folder": Folder, "ssh": SshServer, "s3": S3Server, "webdav": WebdavServer}


def repository(root: Path, files: int, megabytes: float) -> Project:
    """Make a DVC repository with random files of `megabytes` in total."""
    project = Project(root)
    data = project.path("data")
    data.mkdir(parents=True)
    for number in range(files):
        with (data / f"{number}.bin").open("wb") as file:
            for start in range(0, int(megabytes * MB / files), 16 * MB):
                file.write(os.urandom(min(16 * MB, int(megabytes * MB / files) - start)))
    project.git("init", "--quiet")
    project.dvc("init", "--quiet")
    project.dvc("add", "--quiet", "data")
    project.commit()
    return project


def timed(project: Project, *command: str) -> float:
    """Return how many seconds a DVC command takes."""
    start = time.perf_counter()
    project.dvc(*command)
    return time.perf_counter() - start


def transfer(project: Project, kind: str, scratch: Path, verify: str) -> dict[str, tuple[float | None, float]]:
    """Push to a new storage of a kind, and pull from it to a new clone; from the folder also over HTTP."""
    measured: dict[str, tuple[float | None, float]] = {}
    with KINDS[kind](scratch / kind) as server:
        push = timed(used_by(project, server, verify=verify), "push")
        measured[kind] = push, timed(shared(project, server, scratch / "clone", verify=verify), "pull")
        shutil.rmtree(scratch / "clone")
        if kind == "folder":
            with HttpServer(scratch / "http", server.storage) as http:
                measured["http"] = None, timed(shared(project, http, scratch / "clone", verify=verify), "pull")
            shutil.rmtree(scratch / "clone")
    shutil.rmtree(scratch / kind)
    return measured


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=1000, help="of the one large file; all small ones: a tenth")
    parser.add_argument("--files", type=int, default=1000, help="how many small ones")
    parser.add_argument("--rounds", type=int, default=1, help="the median counts")
    parser.add_argument("--verify", choices=["true", "false"], default="true", help="DVC's setting of the remote")
    options = parser.parse_args()
    rows = []
    for files, megabytes in ((1, options.megabytes), (options.files, options.megabytes / 10)):
        with tempfile.TemporaryDirectory() as folder:
            project = repository(Path(folder, "project"), files, megabytes)
            for kind in KINDS:
                rounds = [transfer(project, kind, Path(folder), options.verify) for _ in range(options.rounds)]
                for name in rounds[0]:
                    sides = zip(*(done[name] for done in rounds), strict=True)
                    cells = [cell for side in sides for cell in _cells(side, megabytes)]
                    rows.append([name, str(files), f"{megabytes:.0f}", *cells])
    print(machine())
    print_table("Push and pull", ["storage", "files", "MB", "push s", "MB/s", "pull s", "MB/s"], rows)


def _cells(seconds: tuple[float | None, ...], megabytes: float) -> tuple[str, str]:
    known = [value for value in seconds if value is not None]
    if not known:
        return "-", "-"
    median = statistics.median(known)
    return f"{median:.1f}", f"{megabytes / median:.0f}"


if __name__ == "__main__":
    main()
