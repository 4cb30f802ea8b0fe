"""How much memory a piece of work takes at its peak."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STATUS = Path("/proc/self/status")


def _bytes(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text())
    assert found
    return int(found[1]) << 10


@contextmanager
def memory_of() -> Iterator[Callable[[], int]]:
    """Give a function that tells how many bytes the block has taken at its peak, beyond what was taken before it."""
    try:
        Path("/proc/self/clear_refs").write_text("5")  # the peak is now what is taken now
        before = _bytes("VmRSS")
    except OSError:  # where that is not allowed, only what goes beyond the peak so far is seen
        before = _bytes("VmHWM")
    yield lambda: _bytes("VmHWM") - before
