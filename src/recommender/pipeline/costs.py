"""The time and memory that each stage took here: kept beside the artifacts, since they differ each time."""

import hashlib
import json
import re
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

FOLDER = Path(".dvc/tmp/costs")
"""The folder of the records, relative to the project's; DVC leaves it alone, and Git ignores it."""
KEPT = 50
"""The number of records that are kept of a stage."""
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Cost:
    """What a stage took when it made its outputs.

    Attributes
    ----------
    seconds
        From the start of its work to the end.
    peak_bytes
        The most memory that it held at once.
    """

    seconds: float
    peak_bytes: int

    @classmethod
    def since(cls, start: float) -> Self:
        """Measure this process, since a moment of `time.monotonic`; memory that nobody tells of is 0."""
        status = STATUS.read_text() if STATUS.exists() else ""
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return cls(round(time.monotonic() - start, 3), int(found[1]) << 10 if found else 0)


def record(root: Path, stage: str, outs: Iterable[Path], cost: Cost) -> None:
    """Keep what a stage took to make these outputs; where that cannot be written, keep nothing."""
    try:
        path = root / FOLDER / stage / _key(_md5(out) for out in outs)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(cost)))
        for old in sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:
        return


def recall(root: Path, stage: str, md5s: Iterable[str]) -> Cost | None:
    """Look up what a stage took to make outputs with these MD5s; None: it was not here, or too long ago."""
    try:
        found = json.loads((root / FOLDER / stage / _key(md5s)).read_text())
        return Cost(float(found["seconds"]), int(found["peak_bytes"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _key(md5s: Iterable[str]) -> str:
    """Name outputs by their content; in any order, since `dvc.lock` sorts them."""
    return hashlib.sha256("".join(sorted(md5s)).encode()).hexdigest()[:32]


def _md5(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
