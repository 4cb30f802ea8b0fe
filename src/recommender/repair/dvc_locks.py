"""The locks with which DVC's processes keep out of each other's way."""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from recommender.errors import RecommenderError
from recommender.repair.processes import process

PATIENCE = 3.0
"""The seconds to wait for a lock, the same as DVC's."""


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the locks that DVC's own commands take, so that no other DVC starts or records anything in a checkout.

    Raises
    ------
    RecommenderError
        A DVC at work holds them.
    """
    folder = root / ".dvc/tmp"
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        # In DVC's order: the repository, then the list of processes and the paths that they use.
        for name in ("lock", "rwlock.lock"):
            stream = stack.enter_context((folder / name).open("a+"))
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise RecommenderError(_busy(folder / name)) from None
                    time.sleep(0.05)
        yield


def without_strangers(content: bytes) -> bytes | None:
    """Remove from DVC's `rwlock` the processes that cannot be at work: their ids now belong to others than DVC.

    Returns
    -------
    bytes or None
        The corrected content; None: the file is right. DVC itself removes processes that have ended.

    Raises
    ------
    ValueError
        It is not an `rwlock`, for example because it was cut off.
    """
    found = json.loads(content)
    try:
        writers = {path: one for path, one in found.get("write", {}).items() if not _is_stranger(one)}
        readers = {path: [one for one in many if not _is_stranger(one)] for path, many in found.get("read", {}).items()}
    except (AttributeError, KeyError, TypeError):
        raise ValueError("not an rwlock") from None
    kinds = {"write": writers, "read": {path: many for path, many in readers.items() if many}}
    left = {kind: paths for kind, paths in kinds.items() if paths}
    return None if left == {kind: paths for kind, paths in found.items() if paths} else json.dumps(left).encode()


def _is_stranger(entry: dict[str, Any]) -> bool:
    alive = process(int(entry["pid"]))
    return alive is not None and not any("dvc" in argument for argument in alive.arguments)


def _busy(lock: Path) -> str:
    holder = lock.read_text(errors="replace").strip()
    alive = process(int(holder)) if holder.isdecimal() else None
    who = f"process {alive.pid}, `{alive.command}`" if alive else "a process of DVC"
    return f"{who}, is at work here; wait until it has ended, then run this again"
