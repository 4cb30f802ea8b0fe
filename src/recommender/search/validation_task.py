"""How good a model is on what the search has set aside."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import scipy.sparse as sp

from recommender.execution import Execution
from recommender.files.models import Model
from recommender.measuring.headline import DIGITS
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.ranking.model_scorer import scorer_of
from recommender.splits.parts import Split


class Score(NamedTuple):
    """The mean of a metric over users, and its standard error."""

    mean: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The bounds between which the mean lies with 95 % confidence, as it is normally distributed."""
        return round(self.mean - 1.96 * self.error, DIGITS), round(self.mean + 1.96 * self.error, DIGITS)


@dataclass(frozen=True, eq=False)
class ValidationTask:
    """What the search has set aside, to rank for some users.

    Attributes
    ----------
    train
        Shape (n_users, n_items): what models may learn from.
    task
        What is to be found.
    k
        The length of list.
    """

    train: sp.coo_matrix
    task: Task
    k: int

    @classmethod
    def of(cls, parts: Split, n_users: int, k: int, seed: int) -> Self:
        """Make the task of some of the users with something set aside, drawn at random."""
        test = sp.csr_matrix(parts.test)
        able = np.flatnonzero(np.diff(test.indptr))
        drawn = np.zeros(test.shape[0], dtype=bool)
        drawn[np.random.default_rng(seed).permutation(able)[:n_users]] = True
        entries = test.tocoo()
        kept = drawn[entries.row]
        test = sp.csr_matrix((entries.data[kept], (entries.row[kept], entries.col[kept])), shape=test.shape)
        return cls(parts.train, Task.make(sp.csr_matrix(parts.train), test), k)

    def score(self, model: Model, execution: Execution) -> Score:
        """Measure a model by NDCG."""
        found = measure(scorer_of(model, self.task.train), self.task, [self.k], execution.quiet())
        values = found.per_user[f"ndcg@{self.k}"]
        error = float(values.std()) / len(values) ** 0.5
        return Score(round(float(values.mean()), DIGITS), round(error, DIGITS))
