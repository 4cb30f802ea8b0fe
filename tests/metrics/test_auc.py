import pytest
from metrics.hand import ranked

from recommender.metrics.auc import auc

SCORES = [[5.0, 4, 3, 2, 1]]


def test_the_share_of_pairs_in_order() -> None:
    # 4 beats three of the others, 2 beats one: 5, 3 and 1 are the others.
    assert auc(ranked(SCORES, [[1, 3]])) == pytest.approx([(2 + 1) / 6], abs=1e-15)


def test_training_items_are_no_candidates() -> None:
    assert auc(ranked(SCORES, [[1, 3]], [[0]])) == pytest.approx([(2 + 1) / 4], abs=1e-15)


def test_ties_count_half_also_among_the_test_items() -> None:
    assert auc(ranked([[1.0, 1, 1, 1]], [[0, 2]])).tolist() == [0.5]
    assert auc(ranked([[2.0, 1, 1, 0]], [[1]])) == pytest.approx([(0 + 0.5 + 1) / 3], abs=1e-15)


def test_best_and_worst_are_1_and_0() -> None:
    assert auc(ranked(SCORES * 2, [[0, 1], [3, 4]])).tolist() == [1, 0]


def test_where_all_candidates_are_test_items_there_is_nothing_to_tell_apart() -> None:
    assert auc(ranked(SCORES, [[0, 3]], [[1, 2, 4]])).tolist() == [0.5]
