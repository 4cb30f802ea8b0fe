"""Top-k with seen items left out, against `implicit.cpu.topk` and against the bare matrix product.

python benchmarks/ranking/speed.py [--share 0.25] [--repeats 3]
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from implicit.cpu.topk import topk
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import aim, machine, medians, print_table

from recommender.execution import Execution
from recommender.files.factors import Factors
from recommender.ranking.blocks import in_blocks
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.top_k import top_k

N_USERS, N_ITEMS, SEEN, K = 138_000, 27_000, 145, 10


def model(n_users: int, components: int, rng: np.random.Generator) -> FactorScorer:
    """Draw a model with embeddings and biases of about the size that training gives."""

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(scale=0.3, size=shape).astype(np.float32)

    return FactorScorer(Factors(drawn(n_users, components), drawn(n_users), drawn(N_ITEMS, components), drawn(N_ITEMS)))


def seen_items(n_users: int, rng: np.random.Generator) -> sp.csr_matrix:
    """Draw what each user has; popular items more often."""
    columns = (N_ITEMS * rng.random((n_users, SEEN)) ** 3).astype(np.int32)
    rows = np.repeat(np.arange(n_users), SEEN)
    matrix = sp.csr_matrix((np.ones(rows.size, np.float32), (rows, columns.ravel())), shape=(n_users, N_ITEMS))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.25, help="of the 138,000 users (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    n_users = int(N_USERS * args.share)
    users, seen = np.arange(n_users), seen_items(n_users, rng)
    rows = []
    for components in (10, 64):
        scorer = model(n_users, components, rng)
        queries = np.column_stack([scorer.factors.user_embeddings, np.ones_like(scorer.factors.user_biases)])
        items = np.column_stack([scorer.factors.item_embeddings, scorer.factors.item_biases])
        right = np.ascontiguousarray(items.T)
        for threads in (1, 2):

            def product(threads: int = threads, queries: np.ndarray = queries, right: np.ndarray = right) -> None:
                def block(part: slice) -> None:
                    scores = queries[part] @ right
                    of = seen[part]
                    scores[np.repeat(np.arange(len(scores)), np.diff(of.indptr)), of.indices] = -np.inf

                for _ in in_blocks(block, n_users, N_ITEMS, Execution(threads)):
                    pass

            def peer(threads: int = threads, queries: np.ndarray = queries, items: np.ndarray = items) -> object:
                with threadpool_limits(1, "blas"):  # as `implicit` recommends: it has threads of its own
                    return topk(items, queries, K, filter_query_items=seen, num_threads=threads)

            def ours(threads: int = threads, scorer: FactorScorer = scorer) -> object:
                return top_k(scorer, users, K, seen, Execution(threads))

            found = medians({"product": product, "implicit": peer, "recommender": ours}, args.repeats)
            faster, longer = found["implicit"] / found["recommender"], found["recommender"] / found["product"]
            what = f"top {K} of {N_ITEMS:,}, {n_users:,} users, {components} components, threads: {threads}"
            aim(what, "`implicit.cpu.topk`", f"{faster:.1f} times faster", "≥ 3")
            aim(what, "the bare masked product", f"{longer:.2f} times as long", "≤ 1.5" if components == 64 else "")
            rows.append(
                [
                    str(components),
                    str(threads),
                    *(f"{found[name]:.2f}" for name in ("product", "implicit", "recommender")),
                    f"{faster:.1f}",
                    f"{longer:.2f}",
                ]
            )
    print(machine())
    print_table(
        f"Top-{K} for {n_users:,} users x {N_ITEMS:,} items, seen items left out, seconds",
        ["components", "threads", "masked product", "implicit", "recommender", "implicit / ours", "ours / product"],
        rows,
    )


if __name__ == "__main__":
    main()
