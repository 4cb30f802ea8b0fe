"""What the benchmarks share: the machine's description, medians, tables, and the summary of what was aimed at."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path


def machine() -> str:
    """Describe the machine in one line: processor, cores, memory, Python."""
    lines = Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    best = next((name for name in ("avx512f", "avx2") if name in flags), "baseline")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {best}, {cores} cores, {memory:.0f} GB; Python {platform.python_version()}"


def medians(ways: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Run each way in turn, several times over, and give the median seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n## {title}\n")
    for row in (header, ["---"] * len(header), *rows):
        print("| " + " | ".join(row) + " |", flush=True)


def aim(what: str, against: str, found: str, aimed_at: str) -> None:
    """Add a row to the summary of all benchmarks, in the file that the environment's SUMMARY names, if any."""
    if path := os.environ.get("SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            print(f"| {what} | {against} | {found} | {aimed_at} |", file=file)


def peak_memory() -> float:
    """Give the most memory that this process has had so far, in GB; not `getrusage`, which counts its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e9
