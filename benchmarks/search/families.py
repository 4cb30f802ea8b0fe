"""Which family is best, each tuned with the same number of trials? On data sets of one's own, with intervals.

    python benchmarks/search/families.py FOLDER ... [--trials 0 64] [--seeds 42 1 2] [--families NAME ...] [--liked 4]

A folder holds MovieLens' `ratings.csv` (or a file of its shape: user, item, rating), or a published split, `train.txt`
and `test.txt`: in each line a user and the user's items. Each seed sets another fifth of each user's positives aside.
Settings are chosen on a part of the rest; the test is looked at once, at the end. 0 trials: `params.yaml` as it is.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import scipy.sparse as sp

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import machine, print_table
from _splits import read_split

from recommender.evaluation.bootstrap import bootstrap_means, interval
from recommender.execution import Execution, processors
from recommender.families.fit_family import fit_family
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.pipeline.chosen import given_settings
from recommender.ranking.model_scorer import scorer_of
from recommender.search.family_plan import Plan
from recommender.search.finished import Finished
from recommender.search.halving import Search
from recommender.search.search_tables import searched_settings
from recommender.search.validation_task import validation_tasks
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.train import Family
from recommender.splits.parts import Split
from recommender.splits.random_split import random_split
from recommender.training.examples import Examples

PARAMS = Path(__file__).parents[2] / "params.yaml"


def ratings(folder: Path, liked: float) -> sp.coo_matrix:
    """Read what users like."""
    frame = pd.read_csv(folder / "ratings.csv").iloc[:, :3].set_axis(["user", "item", "rating"], axis=1)
    frame = frame[frame.rating >= liked]
    users, items = (frame[column].astype("category").cat.codes.to_numpy() for column in ("user", "item"))
    return sp.coo_matrix((np.ones(len(frame), np.float32), (users, items)))


def splits(folder: Path, seeds: list[int], liked: float) -> Iterator[tuple[str, sp.coo_matrix, sp.coo_matrix]]:
    """Give each split of a data set by name."""
    if (folder / "train.txt").exists():
        train, test = read_split([folder / "train.txt"], [folder / "test.txt"])
        yield folder.name, train.tocoo(), test.tocoo()
        return
    everything = ratings(folder, liked)
    for seed in seeds:
        parts = Split.of(everything, *random_split(everything, 0.2, seed))
        yield f"{folder.name}, {seed}", parts.train, parts.test


def main() -> None:
    """Search, train, test, and print a table for each number of trials."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--trials", nargs="+", type=int, default=[0, 64])
    parser.add_argument("--seeds", nargs="+", type=int, default=[42, 1, 2])
    parser.add_argument("--families", nargs="+", choices=get_args(Family), default=get_args(Family))
    parser.add_argument("--liked", type=float, default=4)
    parser.add_argument("--verbose", action="store_true", help="what was chosen")
    args = parser.parse_args()
    params = Params.parse(read_yaml(PARAMS), "params.yaml")
    execution = Execution(processors())
    print(machine(), flush=True)
    for folder in args.folders:
        rows: list[list[str]] = []
        for name, train, test in splits(folder, args.seeds, args.liked):
            with tempfile.TemporaryDirectory() as scratch:
                for n_trials in args.trials:
                    row = tested(train, test, n_trials, args, params, Finished(Path(scratch)), execution)
                    rows.append([name, str(n_trials), *row])
        print_table(
            f"{folder.name}: NDCG@10 on test, with 95 % intervals over users", ["split", "trials", *args.families], rows
        )


def tested(
    train: sp.coo_matrix,
    test: sp.coo_matrix,
    n_trials: int,
    args: argparse.Namespace,
    params: Params,
    finished: Finished,
    execution: Execution,
) -> Iterator[str]:
    """Give the cells of a row: for each family, what the settings that were chosen are good for on test."""
    task = Task.make(sp.csr_matrix(train), sp.csr_matrix(test))
    searching = params.search.model_copy(update={"trials": n_trials})
    tasks = validation_tasks(Examples(train), None, params.split, searching) if n_trials else []
    for family in args.families:
        start = time.perf_counter()
        settings, validated = given_settings(family, params.train, params.peers), ""
        if n_trials:
            plan = Plan.make(family, settings, searching)
            best = min(Search(tasks, finished, execution).run(plan), key=lambda result: result.rank)
            chosen = searched_settings(best, getattr(searching.space, family))
            settings = type(settings).model_validate(settings.model_dump() | chosen)
            validated = f" (valid {best.score.mean:.4f}, trial {best.trial.number})"
        for epoch in fit_family(Examples(train), settings, execution):
            model = epoch.model
        values = measure(scorer_of(model(), task.train), task, [10], execution).per_user["ndcg@10"]
        found = interval(values, bootstrap_means(values[:, None], 1000, 42)[:, 0], 0.95)
        if args.verbose:
            print(f"{family} {n_trials}: {time.perf_counter() - start:.0f} s{validated} {settings!r}", flush=True)
        yield f"{found.mean:.4f} [{found.low:.4f}, {found.high:.4f}]"


if __name__ == "__main__":
    main()
