"""The few numbers of an evaluation that people look at first and compare between revisions."""

from typing import Any

from recommender.evaluation.bootstrap import Interval
from recommender.evaluation.evaluate_models import Evaluation
from recommender.evaluation.verdict import Verdict
from recommender.measuring.headline import DIGITS, headlines, length


def report(evaluation: Evaluation, k: int, family: str, verdict: Verdict) -> dict[str, Any]:
    """Report the metrics at one length of list, nested by model: all for the model, the headlines for the others.

    The paired difference in the first headline tells how surely the model beats each other, by itself, and the verdict
    what is sure of all of them at once. Everything else is in the tables of `recommender.evaluation.plot_tables`.

    Parameters
    ----------
    evaluation
        What was measured.
    k
        The length of list.
    family
        The family of the model.
    verdict
        What was found of the families in the first headline.
    """
    leading = headlines(k)
    model, *others = evaluation.measured
    means = {name: {metric: at.mean for metric, at in of.items()} for name, of in evaluation.means.items()}
    everything = means[model] | evaluation.measured[model].overall
    numbers: dict[str, Any] = {"users": len(evaluation.measured[model].per_user["auc"]), "family": family}
    listed = [metric for metric in (*leading, *everything) if length(metric) in (k, None)]
    numbers[model] = {metric: round(everything[metric], DIGITS) for metric in listed}
    for name in others:
        numbers[name] = {metric: round(means[name][metric], DIGITS) for metric in leading}
    first = leading[0]
    numbers["model_minus"] = {name: {first: rounded(evaluation.differences[name][first])} for name in others}
    numbers["verdict"] = vars(verdict) | {
        "lead": {first: rounded(verdict.lead)},
        "confidence": round(verdict.confidence, DIGITS),
    }
    return numbers


def rounded(interval: Interval) -> dict[str, float]:
    """Round an interval as files have it: `mean, low, high`."""
    return {name: round(value, DIGITS) for name, value in vars(interval).items()}
