"""The growth of the data, month by month."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recommender.files.columns import PROGRAM_ID, TIMESTAMP, USER_ID

GROWTH = pa.schema(
    {
        "month": pa.string(),
        "interactions": pa.int64(),
        "active_users": pa.int64(),
        "new_users": pa.int64(),
        "new_programs": pa.int64(),
    }
)
"""The table of growth. A month is a calendar month in UTC; who or what is new has no earlier interaction."""

CELLS = 1 << 28
"""The number of pairs of an id and a month that are looked at together: a byte each."""


def growth(interactions: pa.Table) -> pa.Table:
    """Count interactions, active users, and users and programs that are new, in each month.

    Parameters
    ----------
    interactions
        As `recommender.cleaning.interactions.read_interactions` gives them.

    Returns
    -------
    table
        `GROWTH`, for each month with an interaction, in order of time; no rows, if the interactions have no times.
    """
    if TIMESTAMP not in interactions.column_names:
        return GROWTH.empty_table()
    moments = interactions[TIMESTAMP].to_numpy().view("datetime64[ms]").astype("datetime64[M]")
    number = (moments - moments.min()).astype(np.int64)
    counts = np.bincount(number)
    months = np.flatnonzero(counts)
    number = (np.cumsum(counts > 0) - 1)[number]
    active_users, new_users = _active_and_new(interactions[USER_ID], number, len(months))
    _, new_programs = _active_and_new(interactions[PROGRAM_ID], number, len(months))
    names = (moments.min() + months).astype(str)
    return pa.table([names, counts[months], active_users, new_users, new_programs], GROWTH)


def _active_and_new(
    ids: pa.ChunkedArray, month: NDArray[np.int64], n_months: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the ids that occur in each month, and those that do so for the first time."""
    codes = ids.combine_chunks().indices.to_numpy()
    n_ids = int(codes.max()) + 1
    active, new = np.zeros(n_months, np.int64), np.zeros(n_months, np.int64)
    at_once = max(1, CELLS // n_months)
    for first in range(0, n_ids, at_once):
        chosen = (codes >= first) & (codes < first + at_once)
        occurs = np.zeros((min(at_once, n_ids - first), n_months), bool)
        occurs[codes[chosen] - first, month[chosen]] = True
        active += occurs.sum(axis=0)
        new += np.bincount(occurs.argmax(axis=1)[occurs.any(axis=1)], minlength=n_months)
    return active, new
