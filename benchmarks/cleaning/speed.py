"""From three CSV files to the interaction matrix: this project's way, and the notebook's, with LightFM's Dataset.

    python benchmarks/cleaning/speed.py [--large]

`--large` takes 20 million interactions of 138,000 users and 27,000 programs through this project's way alone, and tells
its peak memory.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from lightfm.data import Dataset

from recommender.cleaning.validate_files import validate_files
from recommender.files.ids import IdMap
from recommender.matrix.interaction_matrix import interaction_matrix
from recommender.sample.write import write_sample
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from _report import aim, machine, medians, peak_memory, print_table  # noqa: E402

N_INTERACTIONS = 1_000_000
SHARE = 10
"""`iterrows` is measured on so small a part of the rows, and its time is multiplied: it grows with them."""


def ours(folder: Path) -> tuple[float, float]:
    """Read and validate, then map ids and build the matrix; the seconds of both."""
    params = Params.parse(read_yaml(ROOT / "params.yaml"), "params.yaml")
    files = [folder / f"{name}.csv" for name in ("users", "programs", "interactions")]
    start = time.perf_counter()
    clean = validate_files(*files, settings=params.data, features=params.features)
    checked = time.perf_counter()
    interaction_matrix(clean.interactions, IdMap.fit(clean.users, clean.programs), params.data)
    return checked - start, time.perf_counter() - checked


def notebook(folder: Path, rows: str, share: int = 1) -> None:
    """Read, and build the matrix row by row, on the first of `share` parts of the interactions."""
    users, programs = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("users", "programs"))
    interactions = pd.read_csv(folder / "interactions.csv", nrows=N_INTERACTIONS // share)
    dataset = Dataset()
    dataset.fit(users["user_id"], programs["program_id"])
    if rows == "iterrows":
        triples = ((row["user_id"], row["program_id"], row["interaction"]) for _, row in interactions.iterrows())
    else:
        columns = interactions[["user_id", "program_id", "interaction"]]
        triples = columns.itertuples(index=False, name=None)
    dataset.build_interactions(triples)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    large = parser.parse_args().large
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if large:
            write_sample(folder, n_users=138_000, n_programs=27_000, n_interactions=20_000_000, seed=42)
            before = peak_memory()
            seconds = ours(folder)
            what = "20 million rows of CSV read, checked and made a matrix"
            aim(what, "", f"{sum(seconds):.0f} s, {peak_memory():.1f} GB", "< 30 s, < 6 GB")
            print_table(
                "20 million interactions of 138,000 users and 27,000 programs",
                ["read and validate, s", "matrix, s", "peak memory, GB (before)"],
                [[*(f"{value:.1f}" for value in seconds), f"{peak_memory():.1f} ({before:.1f})"]],
            )
            return
        write_sample(folder, n_users=6_000, n_programs=3_700, n_interactions=N_INTERACTIONS, seed=42)
        ways = {
            "ours": lambda: ours(folder),
            "iterrows": lambda: notebook(folder, "iterrows", SHARE),
            "itertuples": lambda: notebook(folder, "itertuples"),
        }
        for way in ways.values():
            way()  # loads what is loaded on first use
        found = {name: medians({name: way}, 5)[name] for name, way in ways.items()}
        found["iterrows"] *= SHARE
        rows = [[way, f"{found[way]:.2f}", f"{found[way] / found['ours']:.1f}"] for way in ways]
        for way, least in (("iterrows", 100), ("itertuples", 5)):
            what = f"{N_INTERACTIONS:,} rows of CSV read, checked and made a matrix"
            aim(what, f"`{way}`", f"{found[way] / found['ours']:.1f} times faster", f"≥ {least}")
        title = f"{N_INTERACTIONS:,} interactions read, checked (ours alone) and made a matrix"
        print_table(title, ["way", "seconds", "ratio to ours"], rows)


if __name__ == "__main__":
    main()
