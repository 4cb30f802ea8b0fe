"""Progress: a bar on a terminal, plain lines in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Advance = Callable[..., None]
"""``advance(steps=1, **figures)``: count steps as done, and show figures behind the bar."""

BAR_DELAY = 1.0
LOG_INTERVAL = 10.0


@contextmanager
def progress(title: str, total: int, unit: str, enabled: bool = True) -> Iterator[Advance]:
    """Show how far a long piece of work has come.

    On a terminal, a bar appears once the work has taken a second. Elsewhere, a line is printed every ten seconds. Both
    say how long the rest will take at the pace so far.

    Parameters
    ----------
    title, unit
        What is being done, and what is counted.
    total
        How many steps there are.
    enabled
        Whether anything is shown at all.
    """
    if enabled and sys.stderr.isatty():
        with tqdm(
            total=total, desc=title, unit=f" {unit}", unit_scale=total > 10**6, delay=BAR_DELAY, leave=False
        ) as bar:

            def advance(steps: int = 1, **figures: str) -> None:
                if figures:
                    bar.set_postfix(figures, refresh=False)
                bar.update(steps)

            yield advance
        return

    done, last = 0, time.monotonic()
    start = last

    def log(steps: int = 1, **figures: str) -> None:
        nonlocal done, last
        done += steps
        now = time.monotonic()
        if enabled and now - last >= LOG_INTERVAL:
            last = now
            shown = "".join(f", {name} {value}" for name, value in figures.items())
            left = tqdm.format_interval((total - done) * (now - start) / max(done, 1))
            print(f"{title}: {done:,} of {total:,} {unit}{shown}, {left} left", file=sys.stderr, flush=True)

    yield log
