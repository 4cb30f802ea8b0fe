"""Confidence intervals of means over users."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELLS = 1 << 22
"""The number of draw counts held at a time: 32 MB of float64."""


@dataclass(frozen=True)
class Interval:
    """A mean and the bounds of its confidence interval."""

    mean: float
    low: float
    high: float


def bootstrap_means(values: NDArray[np.float64], samples: int, seed: int) -> NDArray[np.float64]:
    """Draw users with replacement, and average each column over each draw.

    The same users are drawn for all columns, so that differences between columns are paired.

    Parameters
    ----------
    values
        Shape (n_users, m), finite: per-user values, a column for each metric of each model.
    samples
        The number of bootstrap samples, of n_users users each.
    seed
        The seed of the draws.

    Returns
    -------
    ndarray of shape (samples, m), float64
        The same bits on any CPU, for any number of threads.

    Notes
    -----
    Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. How often each user is drawn, times the
    values, is a matrix product, which adds up in another order on another CPU. So the values are first rounded such
    that every sum is exact; this moves a mean by less than 2**-51 times n_users times the largest value.
    """
    n_users, m = values.shape
    rounded = _with_exact_sums(values)
    rng = np.random.default_rng(seed)
    means = np.empty((samples, m))
    at_once = max(1, CELLS // n_users)
    for first in range(0, samples, at_once):
        part = means[first : first + at_once]
        drawn = [np.bincount(rng.integers(n_users, size=n_users), minlength=n_users) for _ in part]
        np.matmul(np.array(drawn, dtype=np.float64), rounded, out=part)
    means /= n_users
    return means


def interval(values: NDArray[np.float64], means: NDArray[np.float64], confidence: float) -> Interval:
    """Compute the mean of per-user values and the percentile interval of its bootstrapped means.

    Parameters
    ----------
    values
        Shape (n_users,).
    means
        Shape (samples,): what `bootstrap_means` gave for them.
    confidence
        The level, such as 0.95.
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(values.mean()), float(low), float(high))


def _with_exact_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round each column to multiples of a power of two, so that no sum of its values needs more than 52 bits."""
    _, exponents = np.frexp(np.abs(values).max(axis=0) * len(values))
    steps = np.ldexp(1.0, exponents - 51)
    rounded: NDArray[np.float64] = np.round(values / steps) * steps
    return rounded
