from math import log2

import pytest
from metrics.hand import ranked

from recommender.metrics.ndcg import ndcg

SCORES = [[5.0, 4, 3, 2, 1]]


def test_discounted_gains_against_the_ideal_list() -> None:
    expected = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3))
    assert ndcg(ranked(SCORES, [[1, 3]]), 4) == pytest.approx([expected], abs=1e-15)


def test_the_ideal_is_cut_off_at_k() -> None:
    expected = (1 / log2(3)) / (1 + 1 / log2(3))
    assert ndcg(ranked(SCORES, [[1, 2, 3]]), 2) == pytest.approx([expected], abs=1e-15)


def test_a_perfect_list_scores_1_with_fewer_and_with_more_than_k_test_items() -> None:
    assert ndcg(ranked(SCORES * 2, [[0], [0, 1, 2, 3]]), 3) == pytest.approx([1, 1], abs=1e-15)


def test_nothing_listed_scores_0() -> None:
    assert ndcg(ranked(SCORES, [[4]]), 4).tolist() == [0]
