"""Python commands without their start-up: a server that has loaded the packages forks a process for each command.

Loading DVC, or NumPy and Arrow, takes longer than what most commands then do, and the tests run hundreds of them. Each
is a process of its own all the same, with its own arguments, environment, folder, output and exit code, and it loads
this project's modules, which differ from copy to copy, anew. What an interpreter reads as it starts (`PYTHONHASHSEED`)
and libraries as they are loaded (`OMP_NUM_THREADS`), the server has read: a test of these starts `python -m` itself.
"""

import atexit
import functools
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

LOADED = (
    "dvc.cli.parser", "dvc.repo.index", "dvc.data_cloud", "dvc_s3", "dvc_ssh", "dvc_webdav", "dvc_data.index.checkout",
    "dvc_data.index.push", "dulwich.repo", "networkx", "ruamel.yaml", "scmrepo.git",
    "numpy", "scipy.sparse", "pyarrow.parquet", "pydantic", "tqdm", "yaml",
)  # fmt: skip


def python_m(
    module: str, *arguments: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Do what `python -m` does, in a folder and with nothing but this environment."""
    server = _server()
    assert server.stdin
    assert server.stdout
    with tempfile.TemporaryDirectory() as said:
        output = [f"{said}/stdout", f"{said}/stderr"]
        server.stdin.write(json.dumps([[module, *arguments], str(folder), environment, output]) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess([module, *arguments], code, *(Path(path).read_text() for path in output))


@functools.cache
def _server() -> "subprocess.Popen[str]":
    command = [sys.executable, "-P", __file__]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)  # which closes its input, and so ends it
    return server


def _serve() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _run(*json.loads(line))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(command: list[str], folder: str, environment: dict[str, str], output: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(output, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = [folder, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve()
