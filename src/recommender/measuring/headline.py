"""Names and rounding of metrics, and the headlines among them."""

from recommender.measuring.measure import Measured

DIGITS = 6
"""Decimals of a metric; what lies beyond can differ by the last bit of a logarithm."""


def headlines(k: int) -> list[str]:
    """Name the metrics to look at first, the most important one first."""
    return [f"ndcg@{k}", f"precision@{k}", f"recall@{k}", "auc"]


def headline_means(measured: Measured, k: int) -> dict[str, float]:
    """Average the headline metrics over the users, rounded as files have them."""
    return {metric: round(float(measured.per_user[metric].mean()), DIGITS) for metric in headlines(k)}


def length(metric: str) -> int | None:
    """Find the k in a metric's name such as ``ndcg@10``; None: the metric is of the full ranking."""
    _, separator, k = metric.partition("@")
    return int(k) if separator else None
