"""How long do a search and the slowest trainings take?

    python benchmarks/search/speed.py [--trials 64] [--families NAME ...] [--large]

A search of every family on a million interactions of 6,000 users and 3,700 programs; `--large`: EASE and iALS on
20,000 programs instead, EASE on 6 million interactions of 50,000 users.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

import scipy.sparse as sp

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
from _report import aim, machine, peak_memory, print_table
from synthetic import interactions

from recommender.execution import Execution, processors
from recommender.families.fit_family import fit_family
from recommender.pipeline.chosen import given_settings
from recommender.search.family_plan import Plan
from recommender.search.finished import Finished
from recommender.search.halving import Search
from recommender.search.validation_task import validation_tasks
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.train import Family
from recommender.training.examples import Examples

PARAMS = Path(__file__).parents[2] / "params.yaml"


def searched(train: sp.coo_matrix, params: Params, families: list[Family], trials: int) -> None:
    """Time the search of each family."""
    settings = params.search.model_copy(update={"trials": trials})
    execution = Execution(processors())
    tasks = validation_tasks(Examples(train), None, params.split, settings)
    rows, total = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        search = Search(tasks, Finished(Path(folder)), execution)
        for family in families:
            start = time.perf_counter()
            plan = Plan.make(family, given_settings(family, params.train, params.peers), settings)
            best = min(search.run(plan), key=lambda result: result.rank)
            seconds = time.perf_counter() - start
            total += seconds
            rows.append([family, str(plan.count_trainings(len(tasks))), f"{seconds:.0f}", f"{best.score.mean:.4f}"])
    rows.append(["all", "", f"{total:.0f}", ""])
    print_table(
        f"A search of {trials} trials, {train.nnz:,} interactions", ["family", "trainings", "s", "best ndcg@10"], rows
    )
    aim(f"search, {trials} trials of each of {len(families)} families", "", f"{total:.0f} s", "600 s")


def trained(train: sp.coo_matrix, params: Params, family: Family, limit: str) -> None:
    """Time one training."""
    start = time.perf_counter()
    for _ in fit_family(Examples(train), given_settings(family, params.train, params.peers), Execution(processors())):
        pass
    seconds = time.perf_counter() - start
    rows = [[family, f"{seconds:.0f}", f"{peak_memory():.1f}"]]
    title = f"{train.shape[1]:,} programs, {train.nnz:,} interactions"
    print_table(title, ["family", "s", "peak memory so far, GB"], rows)
    aim(f"{family}, {train.shape[1]:,} programs", "", f"{seconds:.0f} s", limit)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--families", nargs="+", choices=get_args(Family), default=get_args(Family))
    parser.add_argument("--large", action="store_true")
    args = parser.parse_args()
    params = Params.parse(read_yaml(PARAMS), "params.yaml")
    print(machine(), flush=True)
    if args.large:
        large = interactions(50_000, 20_000, 6_000_000)
        trained(large, params, "ials", "60 s")
        trained(large, params, "ease", "900 s, 8 GB")
        return
    million = interactions(6000, 3700, 1_000_000)
    trained(million, params, "ials", "60 s")
    trained(million, params, "ease", "10 s")
    searched(million, params, args.families, args.trials)


if __name__ == "__main__":
    main()
