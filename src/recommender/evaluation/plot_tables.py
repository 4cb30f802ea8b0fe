"""The tables that plots draw, and everything that does not fit into a few numbers."""

import pyarrow as pa

from recommender.evaluation.evaluate_models import Evaluation
from recommender.evaluation.report import rounded
from recommender.evaluation.verdict import SHIPPED, Leads
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


def families(evaluation: Evaluation, leads: Leads, family: str) -> pa.Table:
    """List the verdict's metric of each family, and its lead over the model.

    Columns: `model, family, metric, mean, low, high, lead_mean, lead_low, lead_high`. The model's row has its family's
    name. Leads are at the verdict's level, at which all of them hold at once.
    """
    return pa.Table.from_pylist(
        [
            {MODEL: name, "family": family if name == SHIPPED else name, "metric": leads.metric}
            | rounded(evaluation.means[name][leads.metric])
            | {f"lead_{bound}": value for bound, value in rounded(leads.interval(name, SHIPPED)).items()}
            for name in evaluation.measured
        ]
    )


def by_segment(evaluation: Evaluation, k: int) -> pa.Table:
    """List the headlines by segment of users, and the leads over the model.

    Columns: `segment, users, model, metric, mean, low, high, lead_mean, lead_low, lead_high`.
    """
    return pa.Table.from_pylist(
        [
            {"segment": segment, "users": found.n_users, MODEL: name, "metric": metric}
            | rounded(interval)
            | {f"lead_{bound}": value for bound, value in rounded(found.lead(name, metric)).items()}
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
