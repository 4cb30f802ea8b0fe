"""How good a model is on what the search has set aside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import Execution
from recommender.files.models import Model
from recommender.measuring.headline import DIGITS
from recommender.measuring.task import Task
from recommender.metrics.ndcg import ndcg
from recommender.metrics.ranked import Ranked
from recommender.metrics.ranks import Ranks
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.top_k import top_k
from recommender.settings.search import SearchSettings
from recommender.settings.split import SplitSettings
from recommender.splits.parts import Split
from recommender.splits.validation import split_again
from recommender.training.examples import Examples

MOST_SPLITS = 4
"""The number of splits that a model is measured on, at most."""
SEEDS = 2**32


class Score(NamedTuple):
    """The mean of a metric over users, and its standard error."""

    mean: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds between which the mean lies with 95 % confidence, as it is normally distributed."""
        return round(self.mean - 1.96 * self.error, DIGITS), round(self.mean + 1.96 * self.error, DIGITS)


def mean_score(scores: Sequence[Score]) -> Score:
    """Average the scores on several splits, as if they were independent."""
    n = len(scores)
    error = sum(score.error**2 for score in scores) ** 0.5 / n
    return Score(round(sum(score.mean for score in scores) / n, DIGITS), round(error, DIGITS))


@dataclass(frozen=True, eq=False)
class ValidationTask:
    """What the search has set aside, to rank for some users.

    Attributes
    ----------
    examples
        What models may learn from.
    task
        What is to be found.
    k
        The length of list.
    """

    examples: Examples
    task: Task
    k: int

    @classmethod
    def of(cls, parts: Split, features: Examples, n_users: int, k: int, seed: int) -> Self:
        """Make the task of some of the users with something set aside, drawn at random.

        Parameters
        ----------
        parts
            What may be learned from, and what is set aside.
        features
            The features of users and items; its interactions are not used.
        n_users
            The number of users, at most.
        k
            The length of list.
        seed
            The seed of the draw.
        """
        test = parts.test.tocsr()
        able = np.flatnonzero(np.diff(test.indptr))
        drawn = np.zeros(test.shape[0], dtype=np.float32)
        drawn[np.random.default_rng(seed).permutation(able)[:n_users]] = 1
        some = sp.diags_array(drawn).tocsr() @ test
        some.eliminate_zeros()
        some.sort_indices()
        task = Task.make(sp.csr_matrix(parts.train), sp.csr_matrix(some))
        return cls(replace(features, interactions=parts.train), task, k)

    def score(self, model: Model, execution: Execution) -> Score:
        """Measure a model by NDCG, which needs no more than the lists: that is several times as fast as all metrics."""
        task = self.task
        lists, _ = top_k(scorer_of(model, task.train), task.users, self.k, task.train, execution.quiet())
        values = ndcg(Ranked(task.starts, _ranks_in_lists(task, lists, self.k), task.n_candidates), self.k)
        error = float(values.std()) / len(values) ** 0.5
        return Score(round(float(values.mean()), DIGITS), round(error, DIGITS))


def _ranks_in_lists(task: Task, lists: NDArray[np.int32], k: int) -> Ranks:
    """Find the test items in the lists; one that is in none comes after all."""
    rows = np.repeat(np.arange(len(task.users)), np.diff(task.starts))
    wanted = rows * task.test.shape[1] + task.test.indices
    listed = (np.arange(len(lists))[:, None] * task.test.shape[1] + lists).ravel()
    place = np.minimum(np.searchsorted(wanted, listed), len(wanted) - 1)
    hits = np.flatnonzero((wanted[place] == listed) & (lists.ravel() >= 0))
    above = np.full(len(wanted), k, dtype=np.int32)
    above[place[hits]] = hits % lists.shape[1]
    nothing = np.zeros_like(above)
    return Ranks(above, nothing, nothing)


def validation_tasks(
    examples: Examples, timestamps: NDArray[np.int64] | None, splitting: SplitSettings, settings: SearchSettings
) -> list[ValidationTask]:
    """Set a part of the training data aside, as the test was; where users are few and drawn at random, several times.

    Parameters
    ----------
    examples
        The training data, with features.
    timestamps
        When each interaction happened; None: nobody knows.
    splitting
        How the test was split off.
    settings
        `users` says on how many users a model is measured, over all splits if one has fewer.

    Raises
    ------
    RecommenderError
        Nothing is left to validate on.
    """
    tasks: list[ValidationTask] = []
    n_splits = 1
    while len(tasks) < n_splits:
        seed = (splitting.seed + len(tasks)) % SEEDS
        parts = split_again(examples.interactions, timestamps, splitting.model_copy(update={"seed": seed}))
        tasks.append(ValidationTask.of(parts, examples, settings.users, settings.k, settings.seed))
        if splitting.strategy in ("random", "given"):
            n_splits = min(MOST_SPLITS, -(-settings.users // len(tasks[0].task.users)))
    return tasks
