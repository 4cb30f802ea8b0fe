"""How much of a user's positives a random split tests."""

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.splits.random_split import random_split


def share_of(n_positives: int, fraction: float) -> int:
    """Split a user with so many positives who stands between one with none and one with five."""
    owned = np.zeros((3, 100), dtype=np.float32)
    owned[1, :n_positives], owned[2, :5] = 1, 1
    _, in_test = random_split(sp.coo_matrix(owned), fraction, seed=0)
    return int(in_test[:n_positives].sum())


@pytest.mark.parametrize(
    ("n_positives", "fraction", "expected"),
    [(10, 0.24, 2), (10, 0.25, 3), (10, 0.26, 3), (30, 0.25, 8), (100, 0.2, 20), (100, 0.204, 20), (100, 0.206, 21)],
)
def test_the_share_is_rounded_and_a_half_upwards(n_positives: int, fraction: float, expected: int) -> None:
    assert share_of(n_positives, fraction) == expected


@pytest.mark.parametrize(("n_positives", "expected"), [(1, 0), (2, 1), (3, 1), (9, 1)])
def test_however_small_the_share_one_of_two_positives_is_tested(n_positives: int, expected: int) -> None:
    assert share_of(n_positives, 0.001) == expected


@pytest.mark.parametrize(("n_positives", "expected"), [(1, 0), (2, 1), (3, 2), (9, 8)])
def test_however_large_the_share_one_positive_stays(n_positives: int, expected: int) -> None:
    assert share_of(n_positives, 0.999) == expected
