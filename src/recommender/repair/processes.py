"""The processes at work in a checkout."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STAGES = "recommender.stages."
"""The package of the stages' modules."""


@dataclass(frozen=True)
class Process:
    """A process.

    Attributes
    ----------
    pid
        Its id.
    arguments
        Its command line.
    """

    pid: int
    arguments: tuple[str, ...]

    @property
    def command(self) -> str:
        """The beginning of the command line as a person would type it, without the programs' folders."""
        return " ".join(Path(argument).name if "/" in argument else argument for argument in self.arguments[:4])

    @property
    def is_git(self) -> bool:
        """True for Git."""
        return bool(self.arguments) and Path(self.arguments[0]).name.startswith("git")

    @property
    def is_dvc(self) -> bool:
        """True for DVC: the script, or Python with the module."""
        started = zip(("", *self.arguments), self.arguments, strict=False)
        return any(Path(now).name == "dvc" and ("/" in now or before in ("", "-m")) for before, now in started)

    @property
    def stage(self) -> str | None:
        """The name of the pipeline's stage that it runs, if any."""
        for option, module in zip(self.arguments, self.arguments[1:], strict=False):
            if option == "-m" and module.startswith(STAGES):
                return module.removeprefix(STAGES)
        return None

    def parent(self) -> "Process | None":
        """Return the process that started it or, once that has ended, the one that adopted it."""
        try:
            # The name, which may contain anything, is followed by the state and the parent.
            after = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return None
        return process(int(after[1]))


def process(pid: int) -> Process | None:
    """Return the process with this id; None: there is none, or it has ended and is a zombie."""
    try:
        content = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    return Process(pid, tuple(content.decode(errors="replace").split("\0")[:-1])) if content else None


def at_work(root: Path) -> Iterator[Process]:
    """Yield the other processes of Git, DVC and the stages whose current folder is `root` or below it."""
    root = root.resolve()
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) == os.getpid():
            continue
        try:
            folder = Path(os.readlink(entry / "cwd"))  # noqa: PTH115 - ten times as fast, and there are many
        except OSError:
            continue
        if folder.is_relative_to(root):
            found = process(int(entry.name))
            if found and (found.is_git or found.is_dvc or found.stage):
                yield found


def orphans(root: Path) -> list[Process]:
    """List the stages that go on after the DVC that started them was killed."""
    return [found for found in at_work(root) if found.stage and not _is_below_dvc(found)]


def _is_below_dvc(found: Process) -> bool:
    above = found.parent()
    while above and not above.is_dvc:
        above = above.parent()
    return above is not None
