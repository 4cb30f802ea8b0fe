"""Metrics of ranked lists, one file each. To add one, write its file and name it here."""

from collections.abc import Callable

from recommender.metrics.auc import auc
from recommender.metrics.average_precision import average_precision
from recommender.metrics.hit_rate import hit_rate
from recommender.metrics.ndcg import ndcg
from recommender.metrics.precision import precision
from recommender.metrics.ranked import PerUser, Ranked
from recommender.metrics.recall import recall
from recommender.metrics.reciprocal_rank import reciprocal_rank

AT_K: dict[str, Callable[[Ranked, int], PerUser]] = {
    "ndcg": ndcg,
    "precision": precision,
    "recall": recall,
    "hit_rate": hit_rate,
    "map": average_precision,
    "mrr": reciprocal_rank,
}
"""Metrics of a list of length k, by the name of their mean over users."""

FULL: dict[str, Callable[[Ranked], PerUser]] = {"auc": auc, "mrr": reciprocal_rank}
"""Metrics of the full ranking."""
