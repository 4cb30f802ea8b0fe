import pytest
from metrics.hand import ranked

from recommender.metrics.precision import precision

SCORES = [[5.0, 4, 3, 2, 1]]


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 1 / 2), (3, 1 / 3), (4, 2 / 4), (5, 2 / 5)])
def test_the_share_of_the_list(k: int, expected: float) -> None:
    assert precision(ranked(SCORES, [[1, 3]]), k).tolist() == [expected]


def test_k_divides_even_with_fewer_test_items_or_candidates() -> None:
    assert precision(ranked(SCORES, [[0]]), 4).tolist() == [1 / 4]
    assert precision(ranked(SCORES, [[3]], [[0, 1, 2]]), 10).tolist() == [1 / 10]


def test_of_equal_scores_the_lower_item_is_listed() -> None:
    assert precision(ranked([[1.0, 1, 1]] * 3, [[0], [1], [2]]), 1).tolist() == [1, 0, 0]
