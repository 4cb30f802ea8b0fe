import pytest
from metrics.hand import recommended

from recommender.metrics.gini import gini


def test_all_alike_is_0() -> None:
    assert gini(recommended([[0, 1], [2, 3]], [1] * 4, n_users=3)) == 0


def test_one_of_n_items_getting_everything_is_n_minus_1_of_n() -> None:
    assert gini(recommended([[2], [2], [2]], [1] * 5, n_users=3)) == pytest.approx(4 / 5, abs=1e-15)


def test_in_between_and_cut_short() -> None:
    # Exposure 0, 1, 2: (-2 * 0 + 0 * 1 + 2 * 2) / (3 * 3).
    assert gini(recommended([[0, 1], [1, -1]], [1] * 3, n_users=3)) == pytest.approx(4 / 9, abs=1e-15)
