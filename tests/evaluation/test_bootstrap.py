"""Intervals are those of a percentile bootstrap, reproducible and paired."""

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
    monkeypatch.setattr(ours, "CELLS", 50 * 7)
    assert bootstrap_means(of, 200, 7).tobytes() == expected.tobytes()


def test_the_sums_are_those_of_the_draws() -> None:
    of = values(60, 2)
    rng = np.random.default_rng(5)
    expected = [of[rng.integers(60, size=60)].mean(axis=0) for _ in range(100)]
    assert bootstrap_means(of, 100, 5) == pytest.approx(np.array(expected), abs=1e-13)


def test_columns_share_their_draws_so_that_differences_are_paired() -> None:
    one = values(80, 1)
    means = bootstrap_means(np.column_stack([one, one + 0.25, one]), 300, seed=0)
    assert means[:, 1] - means[:, 0] == pytest.approx(np.full(300, 0.25), abs=1e-12)
    assert means[:, 2].tobytes() == means[:, 0].tobytes()


def test_no_spread_is_an_interval_of_no_width() -> None:
    of = np.zeros((5, 1))
    found = interval(of[:, 0], bootstrap_means(of, 100, 0)[:, 0], 0.95)
    assert (found.mean, found.low, found.high) == (0, 0, 0)
