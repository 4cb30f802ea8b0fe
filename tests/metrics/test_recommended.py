"""Lists, and what is counted of them."""

from metrics.hand import recommended


def test_the_first_k_of_each_list_are_what_it_begins_with() -> None:
    lists = recommended([[4, 2, 0], [1, 3, -1]], [1] * 5, n_users=7)
    assert lists.first(2).items.tolist() == [[4, 2], [1, 3]]
    assert lists.first(9).items.tolist() == lists.items.tolist()
    assert (lists.first(1).n_users, lists.first(1).popularity.tolist()) == (7, [1] * 5)


def test_exposure_counts_the_lists_that_an_item_is_in() -> None:
    lists = recommended([[4, 2, 0], [4, 3, -1]], [1] * 6, n_users=7)
    assert lists.exposure.tolist() == [1, 0, 1, 1, 2, 0]
    assert lists.first(1).exposure.tolist() == [0, 0, 0, 0, 2, 0]
