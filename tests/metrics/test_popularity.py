from metrics.hand import recommended

from recommender.metrics.popularity import popularity


def test_how_many_users_have_the_listed_items() -> None:
    assert popularity(recommended([[0, 1], [1, 2]], [8, 4, 0], n_users=9)).tolist() == [6, 2]


def test_a_short_list_is_averaged_over_what_it_has() -> None:
    assert popularity(recommended([[0, -1], [-1, 1]], [8, 3], n_users=9)).tolist() == [8, 3]


def test_many_users_are_counted_to_the_last_one() -> None:
    assert popularity(recommended([[0]], [2**24 + 1], n_users=2**25)).tolist() == [2**24 + 1]
