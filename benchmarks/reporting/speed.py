"""The page for those who decide, of 20 million interactions: how long the stage takes, and how much memory.

    python benchmarks/reporting/speed.py [--interactions 20000000]

What has a row for each interaction, user or program is made up; the tables of `evaluate`, which do not grow with it,
are the checkout's, so `make repro` must have run. A first run fills the caches.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "benchmarks/training")]
from _report import aim, machine, print_table  # noqa: E402
from synthetic import interactions  # noqa: E402

from recommender.files.arrays import write_arrays, write_matrix  # noqa: E402
from recommender.files.json_files import write_json  # noqa: E402
from recommender.files.tables import write_table  # noqa: E402

USERS, PROGRAMS, K = 138_000, 27_000, 10
RUNS = 5
READING = """
import sys
from pathlib import Path
from recommender.files.arrays import read_arrays, read_coo
from recommender.files.json_files import read_json
from recommender.files.tables import read_table
data = Path("data")
read_coo(data / "matrix/interactions.npz"), read_arrays(data / "matrix/timestamps.npz")
read_json(data / "matrix/ids.json"), read_table(data / "clean/titles.parquet").to_pylist()
read_table(data / "recommendations/recommendations.parquet")
"""
"""What any page of this data has to do: read it."""


def make_up(folder: Path, n_interactions: int) -> None:
    """Write the artifacts that grow with the data."""
    matrix = interactions(USERS, PROGRAMS, n_interactions)
    rng = np.random.default_rng(0)
    users, programs = (
        [f"{letter}_{number}" for number in range(n)] for letter, n in zip("up", matrix.shape, strict=True)
    )
    write_json(folder / "data/matrix/ids.json", {"users": users, "programs": programs})
    write_matrix(folder / "data/matrix/interactions.npz", matrix)
    moments = rng.integers(1_500_000_000_000, 1_700_000_000_000, matrix.nnz)
    write_arrays(folder / "data/matrix/timestamps.npz", {"timestamps": moments})
    titles = {"program_id": programs, "title": [f"The one and only {name}" for name in programs]}
    write_table(folder / "data/clean/titles.parquet", pa.table(titles))
    best = (PROGRAMS * rng.random((USERS, K)) ** 4).astype(np.int32)
    recommendations = {
        "user_id": pa.array(users).take(pa.array(np.repeat(np.arange(USERS), K))),
        "rank": np.tile(np.arange(1, K + 1, dtype=np.int32), USERS),
        "program_id": pa.array(programs).take(pa.array(best.ravel())),
        "score": rng.random(USERS * K).astype(np.float32),
    }
    write_table(folder / "data/recommendations/recommendations.parquet", pa.table(recommendations))
    for name in ("dvc.yaml", "params.yaml", "requirements", "src", "search", "data/clean/dropped.csv", "metrics/plots"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(ROOT / name)
    for name in ("data.json", "ranking.json"):
        (folder / "metrics" / name).symlink_to(ROOT / "metrics" / name)


def seconds(folder: Path, *command: str) -> float:
    """Time a Python process in a folder."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=folder, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", type=int, default=20_000_000)
    n_interactions = parser.parse_args().interactions
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_up(folder, n_interactions)
        ways = {"the page": ("-m", "recommender.stages.report"), "reading what it shows": ("-c", READING)}
        found: dict[str, list[float]] = {name: [] for name in ways}
        for run in range(RUNS + 1):
            for name, command in ways.items():
                taken = seconds(folder, *command)
                if run:
                    found[name].append(taken)
        (cost,) = list(folder.glob(".dvc/tmp/costs/report/*"))
        peak = json.loads(cost.read_text())["peak_bytes"] / 1e9
        size = (folder / "metrics/report.html").stat().st_size / 1e6
    times = {name: statistics.median(taken) for name, taken in found.items()}
    ratio = times["the page"] / times["reading what it shows"]
    what = f"the page of {n_interactions:,} interactions"
    aim(what, "reading what it shows", f"{ratio:.1f} times as long: {times['the page']:.1f} s, {peak:.1f} GB", "< 5 s")
    print_table(
        f"The page of {n_interactions:,} interactions, {USERS:,} users, {PROGRAMS:,} programs",
        ["way", "seconds", "least", "most"],
        [[name, f"{times[name]:.2f}", f"{min(taken):.2f}", f"{max(taken):.2f}"] for name, taken in found.items()],
    )
    print(f"\nThe page has {size:.2f} MB, and its stage took {peak:.2f} GB at its peak.")


if __name__ == "__main__":
    main()
