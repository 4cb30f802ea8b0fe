"""Whatever the pages may name, the glossary explains."""

from typing import get_args

from recommender.metrics import AT_K, CATALOGUE, FULL, LISTS
from recommender.reporting import glossary
from recommender.settings.train import Family


def test_every_metric_is_explained() -> None:
    assert glossary.METRICS.keys() >= {*AT_K, *FULL, *LISTS, *CATALOGUE}


def test_every_family_and_what_it_is_compared_with_is_explained() -> None:
    assert set(glossary.FAMILIES) == {*get_args(Family), "popularity", "random"}


def test_metrics_are_explained_once_for_all_lengths_in_the_order_of_the_glossary() -> None:
    found = glossary.metrics(["auc", "recall@5", "ndcg@10", "recall@20", "mrr", "mrr@10", "unheard_of"])
    assert list(found) == ["ndcg", "recall", "mrr", "auc"]
    assert found["auc"] == glossary.METRICS["auc"]


def test_nothing_is_explained_that_is_not_asked_for() -> None:
    assert glossary.metrics([]) == {}
