"""The tables that plots draw, and everything that does not fit into a few numbers."""

import pyarrow as pa

from recommender.evaluation.evaluate_models import Evaluation
from recommender.evaluation.report import rounded
from recommender.files.columns import MODEL
from recommender.measuring.headline import DIGITS, headlines, length


def by_k(evaluation: Evaluation) -> pa.Table:
    """List each metric by model and length of list, with its interval: `model, metric, k, mean, low, high`."""
    rows = [
        {MODEL: name, "metric": metric.partition("@")[0], "k": k} | rounded(interval)
        for name, means in evaluation.means.items()
        for metric, interval in means.items()
        if (k := length(metric)) is not None
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: (row["metric"], row["k"])))


def differences(evaluation: Evaluation) -> pa.Table:
    """List the model's lead over each baseline in every metric: `baseline, metric, mean, low, high`."""
    return pa.Table.from_pylist(
        [
            {"baseline": baseline, "metric": metric} | rounded(interval)
            for baseline, metrics in evaluation.differences.items()
            for metric, interval in metrics.items()
        ]
    )


def by_segment(evaluation: Evaluation, k: int) -> pa.Table:
    """List the headlines by segment of users: `segment, users, model, metric, mean, low, high`."""
    return pa.Table.from_pylist(
        [
            {"segment": segment, "users": found.n_users, MODEL: name, "metric": metric} | rounded(interval)
            for segment, found in evaluation.segments.items()
            for name, metrics in found.means.items()
            for metric, interval in metrics.items()
            if metric in headlines(k)
        ]
    )


def precision_and_coverage(evaluation: Evaluation) -> pa.Table:
    """List precision and coverage by length of list: `model, k, precision, coverage`."""
    return pa.Table.from_pylist(
        [
            {
                MODEL: name,
                "k": (k := length(metric)),
                "precision": round(evaluation.means[name][f"precision@{k}"].mean, DIGITS),
                "coverage": round(coverage, DIGITS),
            }
            for name, found in evaluation.measured.items()
            for metric, coverage in found.overall.items()
            if metric.startswith("coverage@")
        ]
    )
