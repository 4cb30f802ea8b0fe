"""Metrics of ranked lists, one file each. To add one, write its file and name it here; see the README beside it."""

from collections.abc import Callable

from recommender.metrics.auc import auc
from recommender.metrics.average_precision import average_precision
from recommender.metrics.capped_recall import capped_recall
from recommender.metrics.coverage import coverage
from recommender.metrics.gini import gini
from recommender.metrics.hit_rate import hit_rate
from recommender.metrics.ndcg import ndcg
from recommender.metrics.novelty import novelty
from recommender.metrics.popularity import popularity
from recommender.metrics.precision import precision
from recommender.metrics.ranked import PerUser, Ranked
from recommender.metrics.recall import recall
from recommender.metrics.reciprocal_rank import reciprocal_rank
from recommender.metrics.recommended import Recommended

AT_K: dict[str, Callable[[Ranked, int], PerUser]] = {
    "ndcg": ndcg,
    "precision": precision,
    "recall": recall,
    "hit_rate": hit_rate,
    "map": average_precision,
    "mrr": reciprocal_rank,
}
"""Accuracy of a list of length k, by the name of the mean over users."""

MORE_AT_K: dict[str, Callable[[Ranked, int], PerUser]] = {"capped_recall": capped_recall}
"""The same as other protocols define it, to compare with theirs; measured where `evaluate.more_metrics` names it."""

FULL: dict[str, Callable[[Ranked], PerUser]] = {"auc": auc, "mrr": reciprocal_rank}
"""Accuracy of the full ranking."""

LISTS: dict[str, Callable[[Recommended], PerUser]] = {"novelty": novelty, "popularity": popularity}
"""Properties of each user's list, right or wrong."""

CATALOGUE: dict[str, Callable[[Recommended], float]] = {"coverage": coverage, "gini": gini}
"""Properties of all lists together; a single user has no value, so there is no interval."""
