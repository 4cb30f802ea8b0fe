"""The one exception that people read, and one-line messages for what the machine refuses."""

import errno

from recommender.text import cut, named, one_line, shown

FAULTS = (OSError, MemoryError, UnicodeError)
"""Exceptions by which the machine refuses something; `fault` describes each in one line."""

_ADVICE = {
    errno.EACCES: "get permission for it (`ls -ld` shows who has it)",
    errno.EPERM: "get permission for it (`ls -ld` shows who has it)",
    errno.EROFS: "mount it writable, or work in another folder",
    errno.ENOSPC: "free some space there",
    errno.EDQUOT: "free some space there",
    errno.EEXIST: "move it away; something else belongs there",
    errno.EISDIR: "move the folder away; a file belongs there",
    errno.ENOTDIR: "move the file away; a folder belongs there",
    errno.ENOENT: "bring it back (`git checkout` or `dvc checkout`), or name another",
    errno.ENAMETOOLONG: "use a shorter name",
    errno.ELOOP: "fix the link, which points back to itself",
    errno.EMFILE: "raise the limit on open files (`ulimit -n`)",
}


class RecommenderError(Exception):
    """A mistake that a user can fix: its text is one line (or a short list) that says what, where and what to do.

    The command line and the stages print it without a traceback and exit with code 1.
    """


def fault(error: BaseException) -> str:
    """Describe one of the `FAULTS` in one line: what, where and what to do."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; free some, or use smaller data or settings"
    if isinstance(error, UnicodeEncodeError):
        return (
            f"{shown(error.object[error.start : error.end])} cannot be written in {error.encoding}; "
            "set PYTHONUTF8=1, or use an encoding that has it"
        )
    if isinstance(error, OSError):
        advice = _ADVICE.get(error.errno or 0, "fix that, then run it again")
        where = "writing or reading failed" if error.filename is None else _path(error.filename)
        return f"{where}: {error.strerror or shown(str(error))}; {advice}"
    return f"text cannot be read: {cut(one_line(error), 200)}; save it as UTF-8"


def _path(path: object) -> str:
    return named(path if isinstance(path, str) else str(path), 300)
