"""Intervals are those of a percentile bootstrap, reproducible and paired."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import bootstrap

from recommender.evaluation import bootstrap as ours
from recommender.evaluation.bootstrap import bootstrap_means, interval


def values(n_users: int, m: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(0).beta(0.5, 2, size=(n_users, m))


def test_the_interval_is_scipys() -> None:
    of = values(400, 1)
    found = interval(of[:, 0], bootstrap_means(of, 9_000, seed=1)[:, 0], 0.95)
    expected = bootstrap(
        (of[:, 0],), np.mean, n_resamples=9_000, confidence_level=0.95, method="percentile", rng=2
    ).confidence_interval
    assert found.mean == of[:, 0].mean()
    width = expected.high - expected.low
    assert found.low == pytest.approx(expected.low, abs=0.04 * width)
    assert found.high == pytest.approx(expected.high, abs=0.04 * width)


def test_about_as_many_intervals_hold_the_true_mean_as_they_promise() -> None:
    rng = np.random.default_rng(0)
    of = rng.exponential(size=(150, 300))
    means = bootstrap_means(of, 500, seed=0)
    held = [(found := interval(of[:, at], means[:, at], 0.9)).low <= 1 <= found.high for at in range(300)]
    assert 0.82 < np.mean(held) < 0.95


def test_the_seed_decides_to_the_last_bit() -> None:
    of = values(50, 3)
    assert bootstrap_means(of, 200, 7).tobytes() == bootstrap_means(of, 200, 7).tobytes()
    assert bootstrap_means(of, 200, 7).tobytes() != bootstrap_means(of, 200, 8).tobytes()


def test_how_many_draws_are_held_at_a_time_cannot_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    of = values(50, 3)
    expected = bootstrap_means(of, 200, 7)
    for cells in (1, 50 * 7, 50 * 1000):
        monkeypatch.setattr(ours, "CELLS", cells)
        assert bootstrap_means(of, 200, 7).tobytes() == expected.tobytes()


def test_the_sums_are_those_of_the_draws() -> None:
    of = values(60, 2)
    rng = np.random.default_rng(5)
    expected = [of[rng.integers(60, size=60)].mean(axis=0) for _ in range(100)]
    assert bootstrap_means(of, 100, 5) == pytest.approx(np.array(expected), abs=1e-13)


def columns_of_all_sizes(n_users: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Columns of large and of tiny values, of one sign and of both, and one in which only a tiny one is above 0."""
    rng = np.random.default_rng(n_users)
    of: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = rng.normal(size=(n_users, 6))
    of *= np.array([1, 1e-30, 1e9, 1, 1, 1])
    of[:, 3], of[:, 4], of[:, 5] = np.abs(of[:, 3]), -np.abs(of[:, 4]), -np.abs(of[:, 5])
    of[-1, 5] = 1e-9
    return of


@pytest.mark.parametrize("n_users", [2, 3, 64, 1000])
def test_what_is_summed_has_the_same_sum_in_any_order(n_users: int) -> None:
    """Else the last bits would depend on the CPU, whose matrix product chooses the order."""
    rounded = ours._with_exact_sums(columns_of_all_sizes(n_users))
    rng = np.random.default_rng(0)
    for column in rounded.T:
        for _ in range(50):
            drawn = column[rng.integers(n_users, size=n_users)]
            assert drawn.cumsum()[-1] == drawn[::-1].cumsum()[-1] == math.fsum(drawn)
        assert np.full(n_users, np.abs(column).max()).cumsum()[-1] == Fraction(np.abs(column).max()) * n_users


@pytest.mark.parametrize("n_users", [1, 2, 3, 64, 1000])
def test_rounding_moves_a_mean_by_no_more_than_the_docstring_says(n_users: int) -> None:
    of = columns_of_all_sizes(n_users)
    of[0, 0] = 8 * np.abs(of[:, 0]).max()
    of[:, 3] = 1 + 2.0**-50
    means = bootstrap_means(of, 5, seed=3)
    rng = np.random.default_rng(3)
    for found in means:
        drawn = of[rng.integers(n_users, size=n_users)]
        for column in range(of.shape[1]):
            exact = sum(map(Fraction, drawn[:, column]), Fraction(0)) / n_users
            # The mean is itself rounded to float64 in the end, by less than one part in 2**53.
            most = Fraction(np.abs(of[:, column]).max()) * n_users / 2**51 + abs(exact) / 2**53
            assert abs(Fraction(found[column]) - exact) <= most


def test_columns_share_their_draws_so_that_differences_are_paired() -> None:
    one = values(80, 1)
    means = bootstrap_means(np.column_stack([one, one + 0.25, one]), 300, seed=0)
    assert means[:, 1] - means[:, 0] == pytest.approx(np.full(300, 0.25), abs=1e-12)
    assert means[:, 2].tobytes() == means[:, 0].tobytes()


def test_no_spread_is_an_interval_of_no_width() -> None:
    of = np.zeros((5, 1))
    found = interval(of[:, 0], bootstrap_means(of, 100, 0)[:, 0], 0.95)
    assert (found.mean, found.low, found.high) == (0, 0, 0)
