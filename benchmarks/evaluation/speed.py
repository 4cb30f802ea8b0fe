"""All metrics together, against four functions of `lightfm.evaluation` one after the other; and the memory they need.

python benchmarks/evaluation/speed.py [--repeats 3] [--lightfm-repeats 1] [--memory]
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM
from lightfm.evaluation import auc_score, precision_at_k, recall_at_k, reciprocal_rank

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import machine, medians, peak_memory, print_table

from recommender.evaluation.measure import Task, measure
from recommender.ranking.factors import Factors

N_USERS, N_ITEMS, N_TRAIN = 6_000, 3_700, 1_000_000
LARGE = 138_000, 27_000, 20_000_000
TEST_SHARE = 0.1
KS = [5, 10, 20]


def model(n_users: int, n_items: int, components: int) -> Factors:
    """Draw a model with embeddings and biases of about the size that training gives."""
    rng = np.random.default_rng(components)

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(scale=0.3, size=shape).astype(np.float32)

    return Factors(drawn(n_users, components), drawn(n_users), drawn(n_items, components), drawn(n_items))


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


def lightfm_of(factors: Factors) -> LightFM:
    """Put factors into a LightFM model, as if it had been fitted."""
    fitted = LightFM(no_components=factors.user_embeddings.shape[1])
    fitted.fit(sp.coo_matrix(factors.shape, dtype=np.float32), epochs=0)
    fitted.user_embeddings, fitted.user_biases = factors.user_embeddings, factors.user_biases
    fitted.item_embeddings, fitted.item_biases = factors.item_embeddings, factors.item_biases
    return fitted


def speed(repeats: int, lightfm_repeats: int) -> None:
    """Measure both in this process, and print a table."""
    of, rows = task(N_USERS, N_ITEMS, N_TRAIN), []
    for components in (10, 64):
        factors = model(N_USERS, N_ITEMS, components)
        fitted = lightfm_of(factors)
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
            ours = medians(
                {"measure": lambda threads=threads, factors=factors: measure(factors, of, KS, threads)}, repeats
            )["measure"]
            total = sum(theirs.values())
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


def memory() -> None:
    """Measure once at the larger size, in this process, and print what it took."""
    n_users, n_items, n_train = LARGE
    of = task(n_users, n_items, n_train)
    before = peak_memory()
    seconds = medians({"measure": lambda: measure(model(n_users, n_items, 64), of, KS, 2)}, 1)["measure"]
    print_table(
        f"{n_users:,} users x {n_items:,} items, {n_train:,} training interactions, 64 components, 2 threads",
        ["seconds", "peak before, making the data, GB", "peak at the end, GB"],
        [[f"{seconds:.0f}", f"{before:.2f}", f"{peak_memory():.2f}"]],
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--lightfm-repeats", type=int, default=1)
    parser.add_argument("--memory", action="store_true", help="measure the peak memory at the larger size instead")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        memory()
    elif args.memory:
        subprocess.run([sys.executable, __file__, "--here"], check=True)
    else:
        speed(args.repeats, args.lightfm_repeats)


if __name__ == "__main__":
    main()
