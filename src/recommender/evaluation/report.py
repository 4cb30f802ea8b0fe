"""An evaluation as numbers that people compare, and as data for plots."""

from typing import Any

import pyarrow as pa

from recommender.columns import MODEL
from recommender.evaluation.bootstrap import Interval
from recommender.evaluation.evaluate import Evaluation

DIGITS = 6
"""Decimals of a metric; what lies beyond can differ by the last bit of a logarithm."""

HEADLINES = ("ndcg", "precision", "recall")
"""The metrics of a list by which a model is compared with the baselines."""


def report(evaluation: Evaluation, k: int) -> dict[str, Any]:
    """Give the metrics at one length of list, nested by model, and how surely the model beats the first baseline.

    Parameters
    ----------
    evaluation
        What was measured.
    k
        The length of list.
    """
    headlines = [f"{name}@{k}" for name in HEADLINES] + ["auc"]
    numbers: dict[str, Any] = {}
    for name, found in evaluation.measured.items():
        means = {metric: interval.mean for metric, interval in evaluation.means[name].items()} | found.overall
        shown = headlines + [metric for metric in means if metric not in headlines and _length(metric) in (k, None)]
        numbers[name] = {metric: round(means[metric], DIGITS) for metric in shown}
    # The whole table, for every baseline and length, is `differences`; here stands what is looked at first.
    lead = next(iter(evaluation.differences))
    numbers[f"model_minus_{lead}"] = {metric: _rounded(evaluation.differences[lead][metric]) for metric in headlines}
    return {"users": len(next(iter(evaluation.measured.values())).per_user["auc"])} | numbers


def by_k(evaluation: Evaluation) -> pa.Table:
    """Give the mean and interval of each metric of a list, by model and length: `model, metric, k, mean, low, high`."""
    rows = [
        {MODEL: name, "metric": metric.partition("@")[0], "k": length} | _rounded(interval)
        for name, means in evaluation.means.items()
        for metric, interval in means.items()
        if (length := _length(metric)) is not None
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row["metric"], row["k"])))


def _length(metric: str) -> int | None:
    _, separator, length = metric.partition("@")
    return int(length) if separator else None


def _rounded(interval: Interval) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in vars(interval).items()}
