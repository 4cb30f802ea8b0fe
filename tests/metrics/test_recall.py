import pytest
from metrics.hand import ranked

from recommender.metrics.recall import recall

SCORES = [[5.0, 4, 3, 2, 1]]


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 1 / 3), (4, 2 / 3), (5, 1), (9, 1)])
def test_the_share_of_the_test_items(k: int, expected: float) -> None:
    assert recall(ranked(SCORES, [[1, 3, 4]]), k).tolist() == [expected]


def test_more_test_items_than_k_cannot_all_be_listed() -> None:
    assert recall(ranked(SCORES, [[0, 1, 2, 3]]), 2).tolist() == [1 / 2]


def test_of_equal_scores_the_lower_item_is_listed() -> None:
    assert recall(ranked([[1.0, 1, 1]] * 3, [[0], [1], [2]]), 2).tolist() == [1, 1, 0]
