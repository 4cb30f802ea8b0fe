"""Confidence intervals of means over users."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

_ENTRIES = 1 << 24
"""How many draws are held at a time."""


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
        Shape (n_users, m): per-user values, a column for each metric of each model.
    samples
        How many times n_users users are drawn.
    seed
        The seed of the draws.

    Returns
    -------
    ndarray of shape (samples, m), float64

    Notes
    -----
    Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. A sparse matrix of how often each
    user is drawn does the sums: in an order that no CPU changes, as a dense product would.
    """
    n_users = len(values)
    rng = np.random.default_rng(seed)
    at_once = max(1, _ENTRIES // n_users)
    means = []
    for first in range(0, samples, at_once):
        n = min(at_once, samples - first)
        drawn = rng.integers(n_users, size=(n, n_users))
        rows = np.repeat(np.arange(n), n_users)
        counts = sp.coo_matrix((np.ones(drawn.size), (rows, drawn.ravel())), shape=(n, n_users)).tocsr()
        means.append(np.asarray(counts @ values) / n_users)
    return np.concatenate(means)


def interval(values: NDArray[np.float64], means: NDArray[np.float64], confidence: float) -> Interval:
    """Give the mean of per-user values, and the percentile interval of its bootstrapped means.

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
