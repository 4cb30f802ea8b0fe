"""Markdown pages as stories: what a reader types from top to bottom, and what the page says is printed."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {"console", "sh", "pycon"}
"""A block of these is run: commands with what they print, commands alone, and Python with what it prints."""

ELIDED = "..."
"""A line of its own: any lines. The character `…` ends a line whose rest is left out."""

MASKS = {
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?": "<date>",
    r"\d\d:\d\d [AP]M": "<time>",
    r"(?<![\w.])[0-9a-f]{7,40}\b": "<hash>",
}
"""What differs from run to run, and what stands for it on both sides of the comparison."""


@dataclass(frozen=True)
class Step:
    """A command, and what the page shows of its output; nothing where the page shows none."""

    place: str
    command: str
    shown: str = ""


def fenced(page: Path) -> Iterator[tuple[int, str, str]]:
    """The line, language and text of each fenced block of a page."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[2]


def steps(page: Path) -> list[Step]:
    """The commands of a page, from top to bottom."""
    found: list[Step] = []
    for line, language, text in fenced(page):
        place = f"{page.name}, line {line}"
        if language == "console":
            for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                typed, _, shown = command.replace("\\\n", "\\\0").partition("\n")
                found.append(Step(f"{place}: {typed}", typed.replace("\0", "\n"), shown))
        elif language == "sh":
            lines = text.replace("\\\n", "\\\0").splitlines()
            found += [Step(f"{place}: {typed}", typed.replace("\0", "\n")) for typed in lines]
        elif language == "pycon":
            found.append(Step(place, f"python -m doctest -o ELLIPSIS /dev/stdin <<'END'\n{text}END"))
    return found


def run(story: Iterable[Step], folder: Path, environment: dict[str, str]) -> Iterator[tuple[Step, str]]:
    """
    Run a story in one shell, and give each command with what it prints.

    Raises
    ------
    AssertionError
        When a command fails.
    """
    told = list(story)
    between = "\x1e"
    script = "".join(f"{{ {step.command}\n}} || exit\nprintf '{between}'\n" for step in told)
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    printed = done.stdout.split(between)
    if done.returncode or len(printed) != len(told) + 1:
        raise AssertionError(f"{told[len(printed) - 1].place}\nended with {done.returncode}:\n{printed[-1]}")
    yield from zip(told, printed, strict=False)


def plain(text: str) -> list[str]:
    """The lines that count, without what differs from run to run."""
    for pattern, mask in MASKS.items():
        text = re.sub(pattern, mask, text)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def agrees(shown: str, printed: str) -> bool:
    """Whether a command printed what its page shows."""
    patterns = [
        r"(?:.*\n)*?" if line == ELIDED else re.escape(line).replace("…", ".*") + r"\n" for line in plain(shown)
    ]
    return re.fullmatch("".join(patterns), "".join(f"{line}\n" for line in plain(printed))) is not None
