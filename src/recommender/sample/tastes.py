"""The likes of the sample: each user loves one field and likes another, and popularity has a long tail.

Only uniform draws, sums, products, quotients and square roots decide: IEEE 754 rounds these alike on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LOVED, LIKED = 0.75, 0.90
"""The draws below which an interaction is in the loved field or else in the liked one; the rest are in any field."""

DAYS = 730
END = 1_767_225_600
"""The last moment: 2026-01-01T00:00:00Z."""

_CHUNK = 1 << 21


@dataclass(frozen=True)
class Likes:
    """The interactions of some users, shape (n,): positions of users and programs, and seconds since 1970.

    They are ordered by user, then by time.
    """

    users: NDArray[np.int64]
    programs: NDArray[np.int64]
    timestamps: NDArray[np.int64]


def fields_of_programs(n_programs: int, n_fields: int) -> NDArray[np.int64]:
    """Assign a field to each program in turn, shape (n_programs,)."""
    return np.arange(n_programs) % n_fields


def fields_of_users(n_users: int, n_fields: int, seed: int) -> NDArray[np.int64]:
    """Draw the field that each user loves and the one the user likes, shape (n_users, 2)."""
    rng = np.random.default_rng([seed, 0])
    loved = rng.integers(n_fields, size=n_users)
    liked = rng.integers(n_fields, size=n_users)
    return np.stack([loved, liked], axis=1)


def likes(n_users: int, n_programs: int, n_interactions: int, n_fields: int, seed: int) -> Iterator[Likes]:
    """Draw about `n_interactions` distinct pairs, in chunks of users of bounded size."""
    fields = fields_of_programs(n_programs, n_fields)
    tastes = fields_of_users(n_users, n_fields, seed)
    rng = np.random.default_rng([seed, 1])

    by_field = np.argsort(fields, kind="stable")
    ranks = np.arange(n_programs) // n_fields
    weights = np.cumsum(1.0 / (2.0 + ranks[by_field]))
    ends = np.searchsorted(fields[by_field], np.arange(n_fields), side="right")
    upper = weights[ends - 1]
    lower = np.r_[0.0, upper[:-1]]

    # A Pareto tail of activity: a few users like far more than most, and nobody more than half of all programs.
    activity = np.minimum(1.0 / np.sqrt(1.0 - rng.random(n_users)), 20.0)
    most = max(1, n_programs // 2)
    scale = n_interactions / activity.sum()
    for _ in range(20):
        scale *= n_interactions / np.minimum(activity * scale, most).sum()
    counts = np.clip((activity * scale + rng.random(n_users)).astype(np.int64), 1, most)

    joined = END - rng.integers(1, DAYS, size=n_users) * 86_400

    # Popular programs are drawn again and again, so more are drawn than are needed.
    drawn = counts * 4 + 20
    starts = np.r_[0, np.flatnonzero(np.diff(np.cumsum(drawn) // _CHUNK)) + 1, n_users]
    for first, last in pairwise(starts):
        users = np.repeat(np.arange(first, last), drawn[first:last])
        mood = rng.random(len(users))
        field = np.where(mood < LOVED, tastes[users, 0], tastes[users, 1])
        field = np.where(mood < LIKED, field, rng.integers(n_fields, size=len(users)))
        place = lower[field] + rng.random(len(users)) * (upper[field] - lower[field])
        programs = by_field[np.minimum(np.searchsorted(weights, place, side="right"), ends[field] - 1)]
        kept = _first_of_each(users * n_programs + programs)
        users, programs = users[kept], programs[kept]
        begins = np.searchsorted(users, np.arange(first, last))
        enough = np.arange(len(users)) - begins[users - first] < counts[users]
        users, programs = users[enough], programs[enough]
        times = joined[users] + (rng.random(len(users)) * (END - joined[users])).astype(np.int64)
        order = np.lexsort((times, users))
        yield Likes(users[order], programs[order], times[order])


def _first_of_each(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of the first of equal keys, ascending."""
    return np.sort(np.unique(keys, return_index=True)[1])
