"""Running Git."""

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
"""What Git tells its hooks about the repository that it works in; it must not lead to another one than is asked for."""
SETTINGS = {
    "LC_ALL": "C",
    # A commit is what its hash says, and not what refs/replace of its repository puts in its place.
    "GIT_NO_REPLACE_OBJECTS": "1",
    # A name from elsewhere is a name, and not a pattern.
    "GIT_LITERAL_PATHSPECS": "1",
    # Nobody is asked for a password: credential helpers, netrc and SSH agents are what Git has for programs.
    "GIT_TERMINAL_PROMPT": "0",
}
NO_PROMPTS = {"GIT_ASKPASS": "", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"}
TRANSPORTS = "file:git:http:https:ssh"
"""Ways to another machine. Not among them: `ext::`, which runs a command, and the helpers that somebody may have."""
UNTRUSTING = (
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.askPass=",
    "-c", "core.alternateRefsCommand=",
    "-c", "fetch.recurseSubmodules=false",
    "-c", "gc.autoDetach=false",
    "-c", "http.lowSpeedLimit=1000",
    "-c", "http.lowSpeedTime=60",
)  # fmt: skip
"""Settings for a repository of somebody else's: nothing of it runs here, and a server that stalls is given up."""

AT_MOST = 300
"""How many characters of what Git says are shown."""
SILENCE = 60.0
"""Seconds in which a transfer has to say something about its progress."""
PATIENCE = 1800.0
"""Seconds that a transfer may take."""


def attempt(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run Git in a folder, and tell how that ended."""
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=_environment())


def git(folder: Path, *arguments: str | Path) -> bytes:
    """Run Git in a folder, and return what it prints.

    Raises
    ------
    RecommenderError
        Git failed; the message says what Git says.
    """
    done = attempt(folder, *arguments)
    if done.returncode:
        raise RecommenderError(f"`git {arguments[0]}` in {folder} failed: {said(done)}")
    return done.stdout


class Stalled(Exception):  # noqa: N818 - what happened, and not a mistake
    """A transfer was given up, since the other side was silent or took too long."""


def transfer(folder: Path, *arguments: str | Path) -> str | None:
    """Run a Git command that talks to a repository elsewhere, which is not trusted.

    Returns
    -------
    str or None
        What Git complained about; None: all went well.

    Raises
    ------
    Stalled
        It said nothing for `SILENCE` seconds, or took more than `PATIENCE`; it and all that it started are ended.
    """
    with subprocess.Popen(
        ["git", "-C", folder, *UNTRUSTING, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment() | NO_PROMPTS | {"GIT_ALLOW_PROTOCOL": TRANSPORTS},
        start_new_session=True,  # it has no terminal to ask on, and can be ended with all that it starts
    ) as process:
        try:
            heard = _listened(process, process.stderr)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return _complaint(heard, process.returncode) if process.returncode else None


def _listened(process: "subprocess.Popen[bytes]", stream: IO[bytes] | None) -> bytes:
    """Wait for the end of a process, and return the end of what it said on a stream."""
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
        raise Stalled("Git does not end") from None
    return heard


def said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Give what Git complained about, in one printable line and without passwords."""
    return _complaint(done.stderr, done.returncode)


def _complaint(complaint: bytes, returncode: int) -> str:
    # Progress overwrites itself by carriage returns.
    lines = [line.rpartition("\r")[2] for line in complaint.decode(errors="replace").split("\n")]
    text = without_password(printable(" ".join(" ".join(lines).split()))) or f"exit code {returncode}"
    return text if len(text) <= AT_MOST else f"... {text[-AT_MOST:]}"


def without_password(text: str) -> str:
    """Leave out who one is, in the URLs of a text."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", text)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in LOCATIONS} | SETTINGS
