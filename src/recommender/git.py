"""Git commands: on trusted folders, and on repositories elsewhere."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import IO

from recommender.errors import RecommenderError
from recommender.text import printable

LOCATIONS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
)  # fmt: skip
"""Variables that tell Git's hooks which repository they work in; inherited, they would lead Git to the wrong one."""
SETTINGS = {
    "LC_ALL": "C",
    # A commit is what its hash says, not what refs/replace in its repository substitutes for it.
    "GIT_NO_REPLACE_OBJECTS": "1",
    # A name from elsewhere is a name, not a pattern.
    "GIT_LITERAL_PATHSPECS": "1",
    # Nobody is asked for a password: programs have credential helpers, netrc and SSH agents.
    "GIT_TERMINAL_PROMPT": "0",
}
NO_PROMPTS = {"GIT_ASKPASS": "", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"}
TRANSPORTS = "file:git:http:https:ssh"
"""The allowed ways to another machine: not `ext::`, which runs a command, nor helpers that happen to be installed."""
UNTRUSTING = (
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.askPass=",
    "-c", "core.alternateRefsCommand=",
    "-c", "fetch.recurseSubmodules=false",
    "-c", "gc.autoDetach=false",
    "-c", "http.lowSpeedLimit=1000",
    "-c", "http.lowSpeedTime=60",
)  # fmt: skip
"""Settings for somebody else's repository: nothing in it runs here, and a server that stalls is given up on."""

CLONING = "Cloning into "
"""The start of the line that names the folder of a clone, an internal detail that explains no failure."""
AT_MOST = 300
"""The number of characters shown of what Git says: the last ones."""
SILENCE = 60.0
"""The longest a transfer may go without reporting progress, in seconds."""
PATIENCE = 1800.0
"""The longest that a transfer may take, in seconds."""


def attempt(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run Git in a folder, and return how it ended, success or not."""
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=_environment())


def git(folder: Path, *arguments: str | Path) -> bytes:
    """Run Git in a folder, and return what it prints.

    Raises
    ------
    RecommenderError
        Git failed; the message quotes what it says.
    """
    done = attempt(folder, *arguments)
    if done.returncode:
        raise RecommenderError(f"`git {arguments[0]}` in {folder} failed: {said(done)}")
    return done.stdout


class Stalled(Exception):  # noqa: N818 - what happened, and not a mistake
    """A transfer that was given up on, because the other side was silent or took too long."""


def transfer(folder: Path, *arguments: str | Path) -> str | None:
    """Run a Git command that talks to a repository elsewhere, without trusting it.

    Returns
    -------
    str or None
        Git's complaint; None: all went well.

    Raises
    ------
    Stalled
        It said nothing for `SILENCE` seconds, or took longer than `PATIENCE`. It is killed with all that it started.
    """
    with subprocess.Popen(
        ["git", "-C", folder, *UNTRUSTING, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment() | NO_PROMPTS | {"GIT_ALLOW_PROTOCOL": TRANSPORTS},
        start_new_session=True,  # no terminal to ask on, and one group to kill
    ) as process:
        try:
            heard = _listened(process, process.stderr)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return _complaint(heard, process.returncode) if process.returncode else None


def _listened(process: "subprocess.Popen[bytes]", stream: IO[bytes] | None) -> bytes:
    """Wait for a process to exit, and return the end of what it said on a stream."""
    heard = b""
    end = time.monotonic() + PATIENCE
    with DefaultSelector() as selector:
        if stream:
            selector.register(stream, EVENT_READ)
        while stream:
            left = end - time.monotonic()
            if left <= 0:
                raise Stalled(f"it took more than {PATIENCE:.0f} seconds")
            if not selector.select(min(SILENCE, left)):
                if left > SILENCE:
                    raise Stalled(f"the other side said nothing for {SILENCE:.0f} seconds")
                continue
            more = os.read(stream.fileno(), 1 << 16)
            if not more:
                break
            heard = (heard + more)[-1 << 12 :]
    try:
        process.wait(SILENCE)
    except subprocess.TimeoutExpired:
        raise Stalled("Git does not exit") from None
    return heard


def said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Return Git's complaint in one printable line, without passwords."""
    return _complaint(done.stderr, done.returncode)


def _complaint(complaint: bytes, returncode: int) -> str:
    # Progress overwrites itself by carriage returns.
    lines = [line.rpartition("\r")[2] for line in complaint.decode(errors="replace").split("\n")]
    told = " ".join(line for line in lines if not line.startswith(CLONING))
    text = without_password(printable(" ".join(told.split()))) or f"exit code {returncode}"
    return text if len(text) <= AT_MOST else f"... {text[-AT_MOST:]}"


def without_password(text: str) -> str:
    """Remove user names and passwords from the URLs in a text."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in LOCATIONS} | SETTINGS
