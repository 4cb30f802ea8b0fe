from metrics.hand import ranked

from recommender.metrics.reciprocal_rank import reciprocal_rank

SCORES = [[5.0, 4, 3, 2, 1]]


def test_the_first_that_is_found_counts() -> None:
    standing = ranked(SCORES * 2, [[2, 4], [0]])
    assert reciprocal_rank(standing).tolist() == [1 / 3, 1]
    assert reciprocal_rank(standing, 3).tolist() == [1 / 3, 1]
    assert reciprocal_rank(standing, 2).tolist() == [0, 1]


def test_training_items_are_not_in_the_way() -> None:
    assert reciprocal_rank(ranked(SCORES, [[2]], [[0, 1]])).tolist() == [1]


def test_of_equal_scores_the_lower_item_comes_first() -> None:
    assert reciprocal_rank(ranked([[1.0, 1, 1]] * 3, [[0], [1], [2]])).tolist() == [1, 1 / 2, 1 / 3]
