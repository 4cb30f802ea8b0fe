"""Evaluation of a model against baselines on one task: means with intervals, and paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.bootstrap import Interval, bootstrap_means, interval
from recommender.evaluation.segments import segments
from recommender.execution import SEQUENTIAL, Execution
from recommender.measuring.measure import Measured, measure
from recommender.measuring.task import Task
from recommender.ranking.scorer import Scorer

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """The results of a model and the baselines for some users.

    Attributes
    ----------
    n_users
        The number of users.
    means
        The mean over users of each metric of each model, with its confidence interval: ``means[name][metric]``.
    differences
        The mean over users of the model's value minus a baseline's, with the interval of this paired difference:
        ``differences[baseline][metric]``.
    """

    n_users: int
    means: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]

    def lead(self, name: str, metric: str) -> Interval:
        """Give the lead of a baseline over the model; of the model itself, none."""
        if name not in self.differences:
            return Interval(0.0, 0.0, 0.0)
        found = self.differences[name][metric]
        return Interval(-found.mean, -found.high, -found.low)


@dataclass(frozen=True)
class Evaluation:
    """The results of a model and the baselines.

    Attributes
    ----------
    measured
        All metrics of each, by name; the model's first.
    means, differences
        Over all users; see `Compared`.
    segments
        The same for users with as many training positives as the segment's name says.
    """

    measured: dict[str, Measured]
    means: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]
    segments: dict[str, Compared]


def evaluate_models(
    scorers: Mapping[str, Scorer],
    task: Task,
    ks: Sequence[int],
    *,
    confidence: float,
    samples: int,
    seed: int,
    segment_bounds: Sequence[int] = (),
    more_metrics: Sequence[str] = (),
    execution: Execution = SEQUENTIAL,
) -> Evaluation:
    """Measure a model and baselines on the same task, by the same code, with the same bootstrapped users.

    Parameters
    ----------
    scorers
        The model and then the baselines, by name.
    task
        What is to be ranked.
    ks
        The lengths of list.
    confidence, samples, seed
        The level of the intervals, the number of bootstrap samples, and the seed of their draws.
    segment_bounds
        The largest number of training positives in each segment of users but the last, ascending.
    more_metrics
        Metrics of other protocols to measure, too.
    execution
        How it is computed. Progress counts the users that each scorer has ranked.
    """
    measured = {name: measure(scorer, task, ks, execution, more_metrics) for name, scorer in scorers.items()}
    metrics = list(next(iter(measured.values())).per_user)
    values = {name: np.column_stack([found.per_user[metric] for metric in metrics]) for name, found in measured.items()}

    def compared(users: NDArray[np.intp] | slice) -> Compared:
        chosen = {name: columns[users] for name, columns in values.items()}
        return _compare(chosen, metrics, confidence, samples, seed)

    everyone = compared(slice(None))
    by_segment = {name: compared(users) for name, users in segments(task.n_train, segment_bounds).items()}
    return Evaluation(measured, everyone.means, everyone.differences, by_segment)


def _compare(values: dict[str, Values], metrics: list[str], confidence: float, samples: int, seed: int) -> Compared:
    model, *baselines = values
    drawn = bootstrap_means(np.concatenate(list(values.values()), axis=1), samples, seed)
    means = dict(zip(values, np.split(drawn, len(values), axis=1), strict=True))

    def intervals(values: Values, means: Values) -> dict[str, Interval]:
        return {
            metric: interval(values[:, column], means[:, column], confidence) for column, metric in enumerate(metrics)
        }

    return Compared(
        len(values[model]),
        {name: intervals(values[name], means[name]) for name in values},
        {name: intervals(values[model] - values[name], means[model] - means[name]) for name in baselines},
    )
