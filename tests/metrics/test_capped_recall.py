import pytest
from metrics.hand import ranked

from recommender.metrics.capped_recall import capped_recall
from recommender.metrics.recall import recall

SCORES = [[5.0, 4, 3, 2, 1]]


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 1 / 2), (3, 1 / 3), (4, 2 / 3), (5, 1), (9, 1)])
def test_the_share_of_the_test_items_or_of_as_many_as_there_is_room_for(k: int, expected: float) -> None:
    assert capped_recall(ranked(SCORES, [[1, 3, 4]]), k).tolist() == [expected]


def test_a_list_of_test_items_alone_scores_1_however_many_others_there_are() -> None:
    assert capped_recall(ranked(SCORES, [[0, 1, 2, 3]]), 2).tolist() == [1]


def test_it_is_recall_where_all_test_items_have_room() -> None:
    cases = ranked(SCORES * 3, [[0], [1, 4], [2, 3, 4]])
    for k in (3, 4, 5):
        assert capped_recall(cases, k).tolist() == recall(cases, k).tolist()


def test_of_equal_scores_the_lower_item_is_listed() -> None:
    assert capped_recall(ranked([[1.0, 1, 1]] * 3, [[0, 1], [0, 2], [1, 2]]), 1).tolist() == [1, 1, 0]
