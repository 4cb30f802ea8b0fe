"""All metrics of one model, user by user."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.execution import SEQUENTIAL, Execution
from recommender.measuring.task import Task
from recommender.metrics import AT_K, CATALOGUE, FULL, LISTS, MORE_AT_K
from recommender.metrics.ranked import PerUser, Ranked
from recommender.metrics.ranks import Ranks, ranks_in
from recommender.metrics.recommended import Recommended
from recommender.ranking.blocks import in_blocks, scored
from recommender.ranking.scorer import Scorer
from recommender.ranking.top_k import best


@dataclass(frozen=True, eq=False)
class Measured:
    """The metrics of one model.

    Attributes
    ----------
    per_user
        Shape (m,) each: the value of each user, by the metric's name, such as ``ndcg@10`` or ``auc``.
    overall
        Metrics of all lists together, such as ``coverage@10``.
    exposure
        Shape (n_items,): the number of lists that each item is in, at the first k.
    """

    per_user: dict[str, PerUser]
    overall: dict[str, float]
    exposure: NDArray[np.int64]


def measure(
    scorer: Scorer,
    task: Task,
    ks: Sequence[int],
    execution: Execution = SEQUENTIAL,
    more: Sequence[str] = (),
) -> Measured:
    """Rank all candidates for all users of the task, and compute every metric but those of other protocols.

    Parameters
    ----------
    scorer
        The model.
    task
        What is to be ranked.
    ks
        The lengths of the lists.
    execution
        How it is computed.
    more
        Which of `MORE_AT_K` are measured, too.
    """
    at_k = AT_K | {name: MORE_AT_K[name] for name in more}
    ranks, lists = _rank(scorer, task, max(ks), execution)
    ranked = Ranked(task.starts, ranks, task.n_candidates)
    recommended = Recommended(lists, task.popularity, task.train.shape[0])
    per_user: dict[str, PerUser] = {}
    overall: dict[str, float] = {}
    for k in ks:
        first = recommended.first(k)
        per_user |= {f"{name}@{k}": metric(ranked, k) for name, metric in at_k.items()}
        per_user |= {f"{name}@{k}": metric(first) for name, metric in LISTS.items()}
        overall |= {f"{name}@{k}": metric(first) for name, metric in CATALOGUE.items()}
    per_user |= {name: metric(ranked) for name, metric in FULL.items()}
    return Measured(per_user, overall, recommended.first(ks[0]).exposure)


def _rank(scorer: Scorer, task: Task, k: int, execution: Execution) -> tuple[Ranks, NDArray[np.int32]]:
    """Rank the test items and select the best k, from the same scores."""
    n_items = task.train.shape[1]
    lists = np.empty((len(task.users), min(k, n_items)), dtype=np.int32)

    def rank(part: slice) -> Ranks:
        block = scored(scorer, task.users[part], task.train, precise=True)
        lists[part], _ = best(block, lists.shape[1])
        return ranks_in(block, task.test)

    parts = list(in_blocks(rank, len(task.users), n_items, execution))
    return Ranks.concatenate(parts), lists
