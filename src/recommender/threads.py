"""How many threads to use."""

import os


def threads(num_threads: int) -> int:
    """Return how many threads to use; 0: one for each processor that this process may use."""
    if num_threads:
        return num_threads
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
