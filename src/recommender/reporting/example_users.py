"""Some users with what they have and what they are recommended: drawn by lot, by nobody's choice."""

import hashlib
import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.files.columns import PROGRAM_ID, RANK, USER_ID
from recommender.files.ids import IdMap

USERS = 10
LISTED = 10
"""The most programs that are listed of a user's history."""


class Example(NamedTuple):
    """A user with the latest programs of the history, how many there are in all, and the recommended ones by rank."""

    user_id: str
    history: list[str]
    n_history: int
    recommended: list[str]


def examples(
    ids: IdMap,
    titles: Sequence[str],
    interactions: sp.coo_matrix,
    timestamps: NDArray[np.int64] | None,
    recommendations: pa.Table,
) -> list[Example]:
    """Draw users who have positives, and list what they have and get, by title.

    Those are drawn whose ids have the lowest SHA-256. So a user who is drawn is drawn again as long as the user is in
    the data, whatever the model, and anybody can check that none was picked.

    Parameters
    ----------
    ids, titles
        The ids, and what people read for each program.
    interactions
        Shape (n_users, n_programs); above 0: a positive.
    timestamps
        Shape (nnz,): when each was; None: unknown, and the order of the data stands for it.
    recommendations
        `user_id`, `rank` and `program_id`, as the stage `recommend` writes them.
    """
    positive = interactions.data > 0
    eligible = np.flatnonzero(np.bincount(interactions.row[positive], minlength=len(ids.user_ids)))
    drawn = heapq.nsmallest(USERS, eligible.tolist(), key=lambda user: _lot(ids.user_ids[user]))
    is_drawn = np.zeros(len(ids.user_ids), bool)
    is_drawn[drawn] = True
    theirs = np.flatnonzero(is_drawn[interactions.row] & positive)
    if timestamps is not None:
        theirs = theirs[np.argsort(-timestamps[theirs], kind="stable")]
    history = {
        user: [titles[item] for item in interactions.col[theirs[interactions.row[theirs] == user]]] for user in drawn
    }
    names = [ids.user_ids[user] for user in drawn]
    rows = recommendations.filter(pc.is_in(recommendations[USER_ID], pa.array(names))).sort_by(RANK)
    title_of = dict(zip(ids.program_ids, titles, strict=True))
    recommended: dict[str, list[str]] = {name: [] for name in names}
    for user_id, program_id in zip(rows[USER_ID].to_pylist(), rows[PROGRAM_ID].to_pylist(), strict=True):
        recommended[user_id].append(title_of[program_id])
    return [
        Example(name, history[user][:LISTED], len(history[user]), recommended[name])
        for user, name in zip(drawn, names, strict=True)
    ]


def _lot(user_id: str) -> bytes:
    return hashlib.sha256(user_id.encode()).digest()
