"""The one exception that a person is meant to read, and how faults of the machine are said in a line."""

import errno

from recommender.text import cut, named, one_line, shown

FAULTS = (OSError, MemoryError, UnicodeError)
"""What the machine may refuse to do; `fault` says it in one line."""

_ADVICE = {
    errno.EACCES: "give yourself the right to it (`ls -ld` shows who has it)",
    errno.EPERM: "give yourself the right to it (`ls -ld` shows who has it)",
    errno.EROFS: "mount it writable, or work in another folder",
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EEXIST: "move it away; something else belongs there",
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
    return f"text cannot be read: {cut(one_line(error), 200)}; save it as UTF-8"


def _path(path: object) -> str:
    return named(path if isinstance(path, str) else str(path), 300)
