from metrics.hand import ranked

from recommender.metrics.hit_rate import hit_rate

SCORES = [[5.0, 4, 3, 2, 1]]


def test_one_from_the_place_of_the_first_test_item_on() -> None:
    standing = ranked(SCORES, [[2, 3]])
    assert [hit_rate(standing, k).tolist() for k in (1, 2, 3, 4, 9)] == [[0], [0], [1], [1], [1]]


def test_of_equal_scores_the_lower_item_is_listed() -> None:
    assert hit_rate(ranked([[1.0, 1, 1]] * 3, [[0], [1], [2]]), 1).tolist() == [1, 0, 0]
