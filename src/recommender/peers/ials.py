"""Implicit ALS: the factors of users and items by alternating least squares over all pairs."""

import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.epoch import Epoch
from recommender.errors import RecommenderError
from recommender.files.factors import Factors
from recommender.peers.inverse import aligned
from recommender.peers.pairs import Numbers, Pairs, Starts
from recommender.peers.solvers import solvers
from recommender.powers import powers
from recommender.settings.peers import IalsSettings

Doubles = NDArray[np.float64]

STRIP = 16
"""The compiled code takes rows of a multiple of so many components; ``native/product.h`` has the same number."""

_OPERATIONS = 1e10
"""The operations between two chances to break it off: about a second's, at most."""


def ials_epochs(
    train: sp.csr_matrix, settings: IalsSettings, num_threads: int = 1, instruction_set: str | None = None
) -> Iterator[Epoch[Factors]]:
    """Train a new model, epoch by epoch.

    The loss, for scores s = user . item, is the sum over positives of (s - 1)**2, plus unobserved_weight times the sum
    over all pairs of s**2, plus the penalty: l2 times the sum over users and items of
    (n + unobserved_weight * m)**exponent * |row|**2, where n is the number of the row's positives and m the number of
    rows on the other side. Each row is solved for exactly, in float64.

    Parameters
    ----------
    train
        Shape (n_users, n_items); entries above 0 count, each as 1.
    settings
        The number of components, the epochs, the weights above and the seed of the start: items drawn evenly from
        around 0, with the variance 0.01 / no_components.
    num_threads
        The number of threads; it cannot change the model.
    instruction_set
        One of those that the CPU has; None: the best. It changes the speed alone.

    Raises
    ------
    RecommenderError
        The penalty is too small for float64 to solve it.

    Notes
    -----
    Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008, as parametrised by
    Rendle, Krichene, Zhang and Koren, "Revisiting the performance of iALS on item recommendation benchmarks",
    RecSys 2022.
    """
    pairs = Pairs.of(train)
    d = settings.no_components
    users = _Side.of(pairs.user_starts, pairs.items, train.shape[1], settings)
    items = _Side.of(pairs.item_starts, pairs.users, train.shape[0], settings)
    bound = math.sqrt(3) * 0.1 / math.sqrt(d)  # a uniform draw, for a normal one takes functions that differ by machine
    items.rows[:, :d] = (
        np.random.RandomState(settings.random_state).random_sample((train.shape[1], d)) * 2 - 1
    ) * bound
    native = solvers()
    best = instruction_set or native.instruction_sets()[-1]

    def model() -> Factors:
        embeddings = [side.rows[:, :d].astype(np.float32) for side in (users, items)]
        biases = [np.zeros(len(rows), dtype=np.float32) for rows in embeddings]
        return Factors(embeddings[0], biases[0], embeddings[1], biases[1])

    for number in range(1, settings.epochs + 1):
        start = time.perf_counter()
        for side, other in ((users, items), (items, users)):
            _solve(side, other.rows, settings, native, best, num_threads)
        yield Epoch(number, model, len(pairs.items), time.perf_counter() - start)


@dataclass(frozen=True, eq=False)
class _Side:
    """The users or the items.

    Attributes
    ----------
    starts, others
        Shapes (n + 1,) and (n_pairs,): what of the other side goes with each row.
    penalties
        Shape (n,): the factor of each row's squared length in the loss.
    rows
        Shape (n, no_components rounded up to a multiple of STRIP), zeros at the end.
    """

    starts: Starts
    others: Numbers
    penalties: Doubles
    rows: Doubles

    @classmethod
    def of(cls, starts: Starts, others: Numbers, n_others: int, settings: IalsSettings) -> "_Side":
        weights = np.diff(starts) + settings.unobserved_weight * n_others
        rows = aligned((len(weights), -(-settings.no_components // STRIP) * STRIP))
        rows[:] = 0
        return cls(starts, others, settings.l2 * powers(weights, settings.exponent), rows)


def _solve(
    side: _Side, factors: Doubles, settings: IalsSettings, native: ModuleType, instruction_set: str, num_threads: int
) -> None:
    length = factors.shape[1]
    gram = aligned((length, length))
    gram[:] = 0
    native.add_gram(gram, factors, len(factors), instruction_set)
    gram *= settings.unobserved_weight

    def solve(rows: tuple[int, int]) -> bool:
        solved: bool = native.solve_rows(
            side.rows, side.starts, side.others, factors, gram, side.penalties, len(factors), *rows, instruction_set
        )
        return solved

    with ThreadPoolExecutor(num_threads) as pool:
        if not all(pool.map(solve, _blocks(side.starts, length, num_threads))):
            raise RecommenderError(
                f"iALS cannot be solved with so small a penalty; raise peers.ials.l2, which is {settings.l2}"
            )


def _blocks(starts: Starts, length: int, num_threads: int) -> list[tuple[int, int]]:
    """Cut rows into blocks of about equal work, several for each thread."""
    operations = starts * float(length**2) + np.arange(len(starts)) * (length**3 / 3)
    count = math.ceil(max(4 * num_threads, operations[-1] / _OPERATIONS))
    bounds = np.searchsorted(operations, np.linspace(0, operations[-1], count + 1)).tolist()
    return [(start, stop) for start, stop in pairwise(bounds) if start < stop]
