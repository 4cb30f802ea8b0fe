"""Is the core's model as good as LightFM's? Means over seeds, by the project's own metrics.

    python benchmarks/training/quality.py [--ratings FOLDER] [--seeds 10] [--every 4] [--set NAME=VALUE ...]

Each seed sets another fifth of the interactions aside, and trains both on the rest: LightFM on one thread.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
import yaml
from defaults import settings
from lightfm import LightFM
from numpy.typing import NDArray
from synthetic import interactions as synthetic_interactions

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import aim, machine, print_table

from recommender.files.factors import Factors
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.ranking.factor_scorer import FactorScorer
from recommender.settings.train import TrainSettings
from recommender.training.core import Trainer
from recommender.training.lightfm_arguments import lightfm_arguments

METRICS = ("ndcg@10", "precision@10", "auc")
LIKED = 4

Models = Callable[[sp.coo_matrix, TrainSettings], Iterator[LightFM]]


def liked(folder: Path) -> sp.coo_matrix:
    """Read MovieLens' ratings of 4 and more."""
    frame = pd.read_csv(folder / "ratings.csv").query(f"rating >= {LIKED}")
    users, items = (frame[column].astype("category").cat.codes.to_numpy() for column in ("userId", "movieId"))
    ones = np.ones(len(frame), dtype=np.float32)
    return sp.coo_matrix((ones, (users, items)), shape=(users.max() + 1, items.max() + 1))


def split(everything: sp.coo_matrix, seed: int) -> tuple[sp.coo_matrix, sp.coo_matrix]:
    """Set a random fifth aside."""
    held_out = np.random.default_rng(seed).random(everything.nnz) < 0.2

    def part(chosen: NDArray[np.bool_]) -> sp.coo_matrix:
        entries = (everything.data[chosen], (everything.row[chosen], everything.col[chosen]))
        return sp.coo_matrix(entries, shape=everything.shape)

    return part(~held_out), part(held_out)


def lightfm_models(train: sp.coo_matrix, chosen: TrainSettings) -> Iterator[LightFM]:
    """Train LightFM on one thread; give the model after each epoch."""
    model = LightFM(**lightfm_arguments(chosen))
    for _ in range(chosen.epochs):
        yield model.fit_partial(train, epochs=1, num_threads=1)


def core_models(train: sp.coo_matrix, chosen: TrainSettings) -> Iterator[LightFM]:
    """Train the core; give the model after each epoch."""
    trainer = Trainer(train, chosen)
    for _ in range(chosen.epochs):
        trainer.run_epoch()
        yield trainer.model()


def curves(everything: sp.coo_matrix, models: Models, seeds: int, every: int, **changed: object) -> NDArray[np.float64]:
    """Measure after each ``every``-th epoch: shape (seeds, points, metrics)."""
    result = []
    for seed in range(seeds):
        train, test = split(everything, seed)
        task, points = Task.make(train.tocsr(), test.tocsr()), []
        for epoch, model in enumerate(models(train, settings(random_state=seed, **changed)), start=1):
            if epoch % every == 0:
                factors = FactorScorer(
                    Factors(model.user_embeddings, model.user_biases, model.item_embeddings, model.item_biases)
                )
                measured = measure(factors, task, [10]).per_user
                points.append([np.nanmean(measured[metric]) for metric in METRICS])
        result.append(points)
    return np.array(result)


def show(title: str, everything: sp.coo_matrix, seeds: int, every: int, **changed: object) -> None:
    """Print the means of both at the end, the difference in standard errors, and the learning curves."""
    reference, ours = (curves(everything, models, seeds, every, **changed) for models in (lightfm_models, core_models))
    rows = []
    for index, metric in enumerate(METRICS):
        last, our_last = reference[:, -1, index], ours[:, -1, index]
        error = last.std(ddof=1) / np.sqrt(seeds)
        paired = (our_last - last).std(ddof=1) / np.sqrt(seeds)
        difference = our_last.mean() - last.mean()
        aim(f"{metric}, {title}, {seeds} seeds", "LightFM", f"{difference / error:+.1f} standard errors", "≥ -1")
        rows.append(
            [
                metric,
                f"{last.mean():.4f}",
                f"{our_last.mean():.4f}",
                f"{difference:+.4f}",
                f"{difference / error:+.1f}",
                f"{difference / paired:+.1f}",
            ]
        )
    changes = "".join(f", {name} {value}" for name, value in changed.items())
    title = f"{title}{changes}: {everything.nnz:,} interactions of {everything.shape[0]:,} x {everything.shape[1]:,}"
    header = ["metric", "LightFM", "core", "difference", "in LightFM's standard errors", "in those of the difference"]
    print_table(f"{title}, {seeds} seeds", header, rows)
    points = range(ours.shape[1])
    curve = [
        [str(every * (point + 1)), f"{reference[:, point, 0].mean():.4f}", f"{ours[:, point, 0].mean():.4f}"]
        for point in points
    ]
    print_table("NDCG@10 by epoch", ["epoch", "LightFM", "core"], curve)


def main() -> None:
    """Compare both on the data sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratings", type=Path, help="MovieLens' folder with ratings.csv")
    parser.add_argument(
        "--synthetic", type=int, nargs=3, default=[3000, 2000, 150_000], metavar=("USERS", "ITEMS", "N")
    )
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--every", type=int, default=4, help="measure after each so many epochs (default: %(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a setting")
    args = parser.parse_args()
    changed = {name: yaml.safe_load(value) for name, value in (assignment.split("=", 1) for assignment in args.set)}
    print(machine())
    if args.ratings:
        show(args.ratings.name, liked(args.ratings), args.seeds, args.every, **changed)
    show("synthetic", synthetic_interactions(*args.synthetic), args.seeds, args.every, **changed)


if __name__ == "__main__":
    main()
