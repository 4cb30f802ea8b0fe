"""The one exception that a person is meant to read, and how values and faults of the machine are said in a line."""

import errno
from collections.abc import Iterable
from itertools import islice

SHOWN = 80
"""How many characters of a value a message shows."""

FAULTS = (OSError, MemoryError, UnicodeError)
"""What the machine may refuse to do; `fault` says it in one line."""

_ADVICE = {
    errno.EACCES: "give yourself the right to it (`ls -ld` shows who has it)",
    errno.EPERM: "give yourself the right to it (`ls -ld` shows who has it)",
    errno.EROFS: "mount it writable, or work in another folder",
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EISDIR: "move the folder away; a file belongs there",
    errno.ENOTDIR: "move away the file that stands where a folder belongs",
    errno.ENOENT: "bring it back (`git checkout` or `dvc checkout`), or name another",
    errno.ENAMETOOLONG: "take a shorter name",
    errno.ELOOP: "mend the link, which leads back to itself",
    errno.EMFILE: "raise the limit of open files (`ulimit -n`)",
}


class RecommenderError(Exception):
    """A mistake that a user can mend: its text is one line (or a short list) that says what, where and what to do.

    The command line and the stages print it without a traceback and exit with 1.
    """


def shown(value: object, at_most: int = SHOWN) -> str:
    """Write a value into a message: as Python does, without control characters, and cut where it is long."""
    if isinstance(value, str) and len(value) > at_most:
        return repr(value[: at_most - 1] + "…")
    if isinstance(value, int) and value.bit_length() > 4 * at_most:
        return f"a number of about {round(value.bit_length() * 0.30103):,} digits"
    if isinstance(value, list | tuple | dict | set):
        return _cut(_container(value, at_most), at_most)
    return _cut(repr(value), at_most)


def named(name: object, at_most: int = SHOWN) -> str:
    """Write a name into a message: as it is where it can be printed, else as `shown` does."""
    text = str(name) if isinstance(name, str) else shown(name, at_most)
    return text if text.isprintable() and len(text) <= at_most else shown(text, at_most)


def fault(error: BaseException) -> str:
    """Say one of the `FAULTS` in one line: what, where and what to do."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; free some, or take smaller data or settings"
    if isinstance(error, UnicodeEncodeError):
        return (
            f"{shown(error.object[error.start : error.end])} cannot be written in {error.encoding}; "
            "set PYTHONUTF8=1, or take an encoding that has it"
        )
    if isinstance(error, OSError):
        advice = _ADVICE.get(error.errno or 0, "mend that, then run it again")
        where = "writing or reading failed" if error.filename is None else _path(error.filename)
        return f"{where}: {error.strerror or shown(str(error))}; {advice}"
    return f"text cannot be read: {_cut(' '.join(str(error).split()), 200)}; save it as UTF-8"


def _path(path: object) -> str:
    return named(path if isinstance(path, str) else str(path), 300)


def _cut(text: str, at_most: int) -> str:
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def _container(value: Iterable[object], at_most: int) -> str:
    """Write the first elements, and of what these hold nothing: some lines of YAML are endless when written out."""
    cells = value.items() if isinstance(value, dict) else ((cell,) for cell in value)
    inner = ", ".join(": ".join(_leaf(part, at_most) for part in cell) for cell in islice(cells, at_most))
    return f"{{{inner}}}" if isinstance(value, dict | set) else f"[{inner}]"


def _leaf(value: object, at_most: int) -> str:
    return "…" if isinstance(value, list | tuple | dict | set) and value else shown(value, at_most)
