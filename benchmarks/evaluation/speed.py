"""All metrics together, against four functions of `lightfm.evaluation` one after the other; and the memory they need.

python benchmarks/evaluation/speed.py [--repeats 3] [--lightfm-repeats 1] [--large]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM
from lightfm.evaluation import auc_score, precision_at_k, recall_at_k, reciprocal_rank

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import aim, machine, medians, peak_memory, print_table

from recommender.baselines.most_popular import most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.evaluation.evaluate_models import evaluate_models
from recommender.execution import Execution
from recommender.files.arrays import read_csr, write_matrix
from recommender.files.factors import Factors
from recommender.files.models import read_model, write_model
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.peers.item_knn import item_knn
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.scorer import Scorer
from recommender.settings.peers import ItemKnnSettings

N_USERS, N_ITEMS, N_TRAIN = 6_000, 3_700, 1_000_000
LARGE = 138_000, 27_000, 20_000_000
TEST_SHARE = 0.1
KS = [5, 10, 20]
NEIGHBOURS = ItemKnnSettings(neighbours=100, shrinkage=10.0, side="candidate")


def model(n_users: int, n_items: int, components: int) -> FactorScorer:
    """Draw a model with embeddings and biases of about the size that training gives."""
    rng = np.random.default_rng(components)

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(scale=0.3, size=shape).astype(np.float32)

    return FactorScorer(Factors(drawn(n_users, components), drawn(n_users), drawn(n_items, components), drawn(n_items)))


def task(n_users: int, n_items: int, n_train: int) -> Task:
    """Draw what each user has, popular items more often, and set a share of it aside in addition."""
    rng = np.random.default_rng(0)
    wanted, pairs = int(n_train * (1 + TEST_SHARE)), np.zeros(0, dtype=np.int64)
    while len(pairs) < wanted:
        missing = int(1.2 * (wanted - len(pairs)))
        items = (n_items * rng.random(missing) ** 2).astype(np.int64)
        pairs = np.unique(np.concatenate([pairs, rng.integers(n_users, size=missing) * n_items + items]))
    pairs = rng.permutation(pairs)[:wanted]

    def matrix(part: np.ndarray) -> sp.csr_matrix:
        ones = np.ones(len(part), dtype=np.float32)
        return sp.csr_matrix((ones, np.divmod(part.astype(np.int64), n_items)), shape=(n_users, n_items))

    return Task.make(matrix(pairs[:n_train]), matrix(pairs[n_train:]))


def lightfm_of(scorer: FactorScorer) -> LightFM:
    """Put a model's factors into a LightFM model, as if it had been fitted."""
    fitted = LightFM(no_components=scorer.factors.user_embeddings.shape[1])
    fitted.fit(sp.coo_matrix(scorer.shape, dtype=np.float32), epochs=0)
    fitted.user_embeddings, fitted.user_biases = scorer.factors.user_embeddings, scorer.factors.user_biases
    fitted.item_embeddings, fitted.item_biases = scorer.factors.item_embeddings, scorer.factors.item_biases
    return fitted


def speed(repeats: int, lightfm_repeats: int) -> None:
    """Measure both in this process, and print a table."""
    of, rows = task(N_USERS, N_ITEMS, N_TRAIN), []
    for components in (10, 64):
        scorer = model(N_USERS, N_ITEMS, components)
        fitted = lightfm_of(scorer)
        for threads in (1, 2):
            both = {"test_interactions": of.test, "train_interactions": of.train, "num_threads": threads}
            functions = (precision_at_k, recall_at_k, auc_score, reciprocal_rank)
            theirs = medians(
                {
                    function.__name__: lambda function=function, both=both, fitted=fitted: function(fitted, **both)
                    for function in functions
                },
                lightfm_repeats,
            )
            how = Execution(threads)
            ours = medians({"measure": lambda how=how, scorer=scorer: measure(scorer, of, KS, how)}, repeats)["measure"]
            total = sum(theirs.values())
            what = f"all metrics, {N_USERS:,} x {N_ITEMS:,}, {components} components, threads: {threads}"
            aim(what, "four functions of `lightfm.evaluation`", f"{total / ours:.1f} times faster", "≥ 10")
            rows.append(
                [
                    str(components),
                    str(threads),
                    *(f"{seconds:.2f}" for seconds in (*theirs.values(), total, ours)),
                    f"{total / ours:.1f}",
                ]
            )
    print(machine())
    print_table(
        f"{N_USERS:,} users x {N_ITEMS:,} items, {of.train.nnz:,} to train on and {of.test.nnz:,} to find, seconds",
        ["components", "threads", *(function.__name__ for function in functions), "all four", "ours, all", "ratio"],
        rows,
    )


def large(folder: Path) -> None:
    """Evaluate a model and three baselines at the larger size, as the stage does, in a process of its own."""
    n_users, n_items, n_train = LARGE
    of = task(n_users, n_items, n_train)
    write_matrix(folder / "train.npz", of.train)
    write_matrix(folder / "test.npz", of.test)
    write_model(folder / "factors.npz", model(n_users, n_items, 64).factors)
    subprocess.run([sys.executable, __file__, "--here", folder], check=True)


def here(folder: Path) -> None:
    """Evaluate what `large` has written, and print what it took."""
    start = time.perf_counter()
    how = Execution(num_threads=2)
    of = Task.make(read_csr(folder / "train.npz"), read_csr(folder / "test.npz"))
    scorers: dict[str, Scorer] = {
        "model": scorer_of(read_model(folder / "factors.npz"), of.train),
        "popularity": most_popular(of.train),
        "item_knn": scorer_of(item_knn(of.train, NEIGHBOURS, how), of.train),
        "random": RandomOrder(of.train.shape, 42),
    }
    evaluate_models(
        scorers,
        of,
        KS,
        confidence=0.95,
        samples=1000,
        seed=42,
        segment_bounds=[0, 5, 20, 100],
        execution=how,
    )
    what = f"all of evaluate, {LARGE[0]:,} x {LARGE[1]:,}, {LARGE[2]:,} interactions"
    aim(what, "", f"{peak_memory():.2f} GB", "< 2 GB")
    print_table(
        f"A model with 64 components and three baselines, {LARGE[0]:,} users x {LARGE[1]:,} items, {of.train.nnz:,} "
        "to train on, 2 threads: all metrics, intervals, differences and segments",
        ["seconds", "peak memory, GB"],
        [[f"{time.perf_counter() - start:.0f}", f"{peak_memory():.2f}"]],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--lightfm-repeats", type=int, default=1)
    parser.add_argument("--large", action="store_true", help="time and peak memory of the whole at the larger size")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        here(args.here)
    elif args.large:
        with tempfile.TemporaryDirectory() as scratch:
            large(Path(scratch))
    else:
        speed(args.repeats, args.lightfm_repeats)


if __name__ == "__main__":
    main()
