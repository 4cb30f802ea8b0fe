"""Python commands without their start-up: a server that has loaded the packages forks a process for each command.

Loading DVC, or NumPy, Arrow and LightFM, takes longer than what most commands then do, and the tests run hundreds of
them. Each is a process of its own all the same, with its own arguments, environment, folder, output and exit code, and
it loads this project's modules, which differ from copy to copy, anew; so do the stages that such a DVC runs. What an
interpreter reads as it starts (`PYTHONHASHSEED`) and libraries as they are loaded (`OMP_NUM_THREADS`), the server has
read: a test of these, and one that sends signals, starts `python -m` itself.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

LOADED = (
    "dvc.cli.parser", "dvc.repo.index", "dvc.data_cloud", "dvc_s3", "dvc_ssh", "dvc_webdav", "dvc_data.index.checkout",
    "dvc_data.index.push", "dulwich.repo", "networkx", "ruamel.yaml", "scmrepo.git",
    "numpy", "scipy.sparse", "pyarrow.compute", "pyarrow.csv", "pyarrow.parquet", "pydantic", "tqdm", "yaml", "joblib",
    "threadpoolctl", "lightfm.data",
)  # fmt: skip
COMMANDS = {"python": "python", "dvc": "module", "recommender": "module"}
"""What the server is asked by, and the function here that asks."""
LONGEST = 1 << 17
"""Bytes of a request: a command and its environment."""


def python_m(
    module: str, *arguments: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Do what `python -m` does, in a folder and with nothing but this environment."""
    server = commands()
    path = f"{server}{os.pathsep}{environment['PATH']}"
    with ExitStack() as opened:
        files = [opened.enter_context(tempfile.TemporaryFile("w+")) for _ in range(2)]
        nothing = opened.enter_context(Path(os.devnull).open())
        descriptors = [file.fileno() for file in (nothing, *files)]
        code = _ask(f"{server}/socket", [module, *arguments], str(folder), environment | {"PATH": path}, descriptors)
        for file in files:
            file.seek(0)
        return subprocess.CompletedProcess([module, *arguments], code, *(file.read() for file in files))


def _ask(address: str, command: list[str], folder: str, environment: dict[str, str], descriptors: list[int]) -> int:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps([command, folder, environment]).encode()], descriptors)
        return int(connection.recv(LONGEST))


@functools.cache
def commands() -> str:
    """Start the server of this process, in a folder with its socket and commands that ask it: `python`, `dvc`, ours."""
    made = tempfile.TemporaryDirectory()
    for name, call in COMMANDS.items():
        command = Path(made.name) / name
        command.write_text(
            f"#!{sys.executable} -SI\nimport sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            f"import warm\nwarm.{call}({made.name!r}, {name!r})\n"
        )
        command.chmod(0o755)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(f"{made.name}/socket")
    listening.listen()
    with listening:
        serve = [sys.executable, "-P", __file__, str(listening.fileno())]
        server = subprocess.Popen(serve, stdin=subprocess.PIPE, pass_fds=[listening.fileno()])
    atexit.register(made.cleanup)
    atexit.register(server.communicate)  # which closes its input, and so ends it
    return made.name


def module(server: str, name: str) -> NoReturn:
    """Be a command that is a module of its name."""
    sys.exit(_ask(f"{server}/socket", [name, *sys.argv[1:]], str(Path.cwd()), dict(os.environ), [0, 1, 2]))


def python(server: str, _: str) -> NoReturn:
    """Be the `python` that a stage of a project asks for."""
    option, *command = sys.argv[1:]
    if option != "-m":
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606 - it becomes what was asked for
    sys.exit(_ask(f"{server}/socket", command, str(Path.cwd()), dict(os.environ), [0, 1, 2]))


def _serve(listening: socket.socket) -> None:
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # a command does not clear away, as it ends, what was loaded here
    running: set[int] = set()
    while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
        connection, _ = listening.accept()
        request, descriptors, *_ = socket.recv_fds(connection, LONGEST, 3)
        if (waiting := os.fork()) == 0:
            if (child := os.fork()) == 0:
                command, folder, environment = json.loads(request)
                return _run(command, folder, environment, descriptors)
            connection.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
            os._exit(0)
        for descriptor in (connection.detach(), *descriptors):
            os.close(descriptor)
        running = {pid for pid in running | {waiting} if os.waitpid(pid, os.WNOHANG) == (0, 0)}
    return None


def _run(command: list[str], folder: str, environment: dict[str, str], descriptors: list[int]) -> None:
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
