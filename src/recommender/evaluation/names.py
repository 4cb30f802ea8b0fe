"""How metrics are called and written."""

DIGITS = 6
"""Decimals of a metric; what lies beyond can differ by the last bit of a logarithm."""


def headlines(k: int) -> list[str]:
    """Name the metrics that are looked at first, the first of all before the others."""
    return [f"ndcg@{k}", f"precision@{k}", f"recall@{k}", "auc"]


def length(metric: str) -> int | None:
    """Give the k of a metric's name such as ``ndcg@10``; None: it is of the full ranking."""
    _, separator, k = metric.partition("@")
    return int(k) if separator else None
