"""A model against baselines on one task: means with intervals, paired differences, and the table of all users."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.bootstrap import Interval, bootstrap_means, interval
from recommender.evaluation.measure import Measured, Task, measure
from recommender.ranking.scorer import Scorer


@dataclass(frozen=True)
class Evaluation:
    """How a model and the baselines did.

    Attributes
    ----------
    measured
        All metrics of each, by name; the model's first.
    means
        The mean over users of each metric of each, with its confidence interval: ``means[name][metric]``.
    differences
        The mean over users of the model's value less a baseline's, with the interval of this paired difference:
        ``differences[baseline][metric]``.
    """

    measured: dict[str, Measured]
    means: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]


def evaluate(
    scorers: dict[str, Scorer],
    task: Task,
    ks: list[int],
    *,
    confidence: float,
    samples: int,
    seed: int,
    num_threads: int = 1,
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
        The level of the intervals, how many bootstrap samples are drawn for them, and the seed of the draws.
    num_threads
        How many threads; it cannot change the result.
    """
    measured = {name: measure(scorer, task, ks, num_threads) for name, scorer in scorers.items()}
    model, *baselines = measured
    metrics = list(measured[model].per_user)
    values = {name: np.column_stack([found.per_user[metric] for metric in metrics]) for name, found in measured.items()}
    drawn = bootstrap_means(np.concatenate(list(values.values()), axis=1), samples, seed)
    means = dict(zip(values, np.split(drawn, len(values), axis=1), strict=True))

    def intervals(values: NDArray[np.float64], means: NDArray[np.float64]) -> dict[str, Interval]:
        return {
            metric: interval(values[:, column], means[:, column], confidence) for column, metric in enumerate(metrics)
        }

    return Evaluation(
        measured,
        {name: intervals(values[name], means[name]) for name in measured},
        {name: intervals(values[model] - values[name], means[model] - means[name]) for name in baselines},
    )
