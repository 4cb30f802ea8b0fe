from metrics.hand import recommended

from recommender.metrics.coverage import coverage


def test_the_share_of_the_catalogue_in_any_list() -> None:
    assert coverage(recommended([[0, 1], [1, 3]], [9, 1, 1, 1, 1, 1], n_users=9)) == 3 / 6


def test_no_item_is_not_an_item() -> None:
    assert coverage(recommended([[2, -1], [2, -1]], [1, 1, 1, 1], n_users=3)) == 1 / 4


def test_everything_is_1() -> None:
    assert coverage(recommended([[0, 1], [1, 2]], [1, 1, 1], n_users=3)) == 1
