"""Change the sources in small wrong ways, one at a time, and tell which changes the tests of their folder let live.

`python tests/mutation/run.py splits ranking/topk.py` takes folders and files of the package. The tests are those that
mirror them, without the slow ones and without those that run a whole project; of these, each change meets the ones
that reach it, until one fails. What is known to be no defect is named in `equivalent.toml`, with the reason.
"""

import argparse
import os
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

# One thread is enough, before NumPy is imported; and no plugin of pytest that is not needed.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
sys.path.insert(0, str(Path(__file__).parents[1]))

from hypothesis import HealthCheck, Phase, settings
from mutation.changes import mutants
from mutation.tester import Tester


def run(root: Path, names: list[str], *, only_listed: bool) -> int:
    """Report on folders or files of the package, and return how many changes live unlisted or are listed wrongly."""
    package = root / "src" / "recommender"
    equivalent = tomllib.loads((root / "tests/mutation/equivalent.toml").read_text(encoding="utf-8"))
    listed = {
        (file, before, after)
        for file, entries in equivalent.items()
        for entry in entries
        for before, after in entry["changes"]
    }
    wrong = 0
    for name in names:
        start, sources, counts = time.monotonic(), _sources(package / name), Counter[str]()
        tester = Tester(root, sources, _tests(root / "tests", name))
        stale = {key for key in listed if package / key[0] in sources}
        for source in sources:
            file = str(source.relative_to(package))
            for mutant in mutants(source.read_text(encoding="utf-8"), str(source)):
                key = (file, mutant.before, mutant.after)
                counts["made"] += 1
                stale.discard(key)
                if (key in listed) != only_listed:
                    counts["equivalent"] += key in listed
                    continue
                killed = tester.is_killed(source, mutant)
                counts["killed" if killed else "alive"] += 1
                if killed == only_listed:
                    wrong += 1
                    found = " is listed, and the tests notice it" if killed else ""
                    print(f"{file}:{mutant.number}{found}\n  - {mutant.before}\n  + {mutant.after}", flush=True)
        for key in sorted(stale):
            print("{} is listed, and there is no such change\n  - {}\n  + {}".format(*key))
        summary = ", ".join(f"{counts[kind]} {kind}" for kind in ("made", "killed", "equivalent", "alive"))
        print(f"{name}: {summary}, in {time.monotonic() - start:.0f} s", flush=True)
        wrong += len(stale)
    return wrong


def _sources(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _tests(tests: Path, name: str) -> list[Path]:
    """Find the tests that mirror a folder, or a file in a folder, or a file at the top."""
    folder = tests / Path(name).parent if name.endswith(".py") else tests / name
    return [folder if folder != tests else tests / f"test_{name}"]


def main() -> int:
    """Take the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("names", nargs="+", metavar="folder", help="a folder or file of the package, such as splits")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="another project than this one")
    parser.add_argument("--only-listed", action="store_true", help="try only what equivalent.toml lists")
    given = parser.parse_args()
    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutation")
    return 1 if run(given.root.resolve(), given.names, only_listed=given.only_listed) else 0


if __name__ == "__main__":
    raise SystemExit(main())
