from math import log2

import pytest
from metrics.hand import recommended

from recommender.metrics.novelty import novelty


def test_bits_of_surprise_averaged_over_the_list() -> None:
    assert novelty(recommended([[0, 1], [1, 2]], [8, 4, 1], n_users=8)).tolist() == [(0 + 1) / 2, (1 + 3) / 2]


def test_an_item_nobody_has_counts_as_if_one_had_it() -> None:
    assert novelty(recommended([[0]], [0, 7], n_users=10)) == pytest.approx([log2(10)], abs=1e-15)


def test_a_short_list_is_averaged_over_what_it_has() -> None:
    assert novelty(recommended([[1, -1, -1]], [8, 2], n_users=8)).tolist() == [2]
