"""Fuzz for as long as you like: `python tests/fuzz/run.py --cases 1000000`.

Cases come in rounds of a thousand, each with its own seed; a round that fails prints its seed and the smallest case
that fails, which then becomes an `@example` in `test_fuzz.py` or `test_foreign.py`.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz import files, foreign, laws, params

ROUND = 1000


def main() -> int:
    """Run rounds over what is asked for; return 1 when one has failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first round's (default: %(default)s)")
    parser.add_argument("--what", choices=[*TARGETS, "all"], default="all")
    args = parser.parse_args()
    names = [args.what] if args.what != "all" else list(TARGETS)
    started, failed, cases = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(max(1, args.cases // ROUND)):
            name = names[number % len(names)]
            try:
                TARGETS[name](args.seed + number, Path(folder))
            except Exception as error:  # noqa: BLE001 - what comes is what is looked for
                failed += 1
                print(f"\n{name}, seed {args.seed + number}: {type(error).__name__}: {error}")
                print(*getattr(error, "__notes__", ()), sep="\n")
            cases += ROUND
            print(f"{cases:,} cases, {failed} rounds failed, {time.monotonic() - started:.0f} s", flush=True)
    return 1 if failed else 0


def _once(strategy: SearchStrategy[Any], law: Callable[..., object], number: int, *more: Path) -> None:
    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def holds(case: Any) -> None:
        law(case, *more)

    holds()


TARGETS: dict[str, Callable[[int, Path], None]] = {
    "files": lambda number, folder: _once(files.three_files(), laws.holds_for_files, number, folder),
    "import": lambda number, folder: _once(files.imports(), laws.holds_for_import, number, folder),
    "values": lambda number, _: _once(params.values(), laws.holds_for_values, number),
    "params": lambda number, folder: _once(params.contents(), laws.holds_for_params, number, folder),
    "models": lambda number, _: _once(foreign.models(), foreign.holds_for_artifacts, number),
    "locks": lambda number, _: _once(foreign.locks(), foreign.holds_for_lock, number),
    "configs": lambda number, _: _once(foreign.configs(), foreign.holds_for_config, number),
}


if __name__ == "__main__":
    sys.exit(main())
