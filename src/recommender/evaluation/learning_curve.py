"""How good a model is on its way: data for a plot."""

from typing import Any

from recommender.evaluation.measure import Task, measure
from recommender.evaluation.names import DIGITS, headlines
from recommender.ranking.scorer import Scorer


def point(epoch: int, scorer: Scorer, task: Task, k: int, num_threads: int = 1) -> list[dict[str, Any]]:
    """Give the headline metrics after an epoch, a row each: `epoch, metric, mean`.

    Parameters
    ----------
    epoch
        How many epochs the model has been trained.
    scorer
        The model so far.
    task
        What it is measured on.
    k
        The length of list.
    num_threads
        How many threads; it cannot change the result.
    """
    found = measure(scorer, task, [k], num_threads).per_user
    means = {metric: round(float(found[metric].mean()), DIGITS) for metric in headlines(k)}
    return [{"epoch": epoch, "metric": metric, "mean": mean} for metric, mean in means.items()]
