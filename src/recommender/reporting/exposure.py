"""Which programs are recommended, how often, and which never."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from recommender.files.columns import PROGRAM_ID, RANK
from recommender.files.ids import IdMap

LISTED = 10


class Exposed(NamedTuple):
    """A program, in how many users' lists it is, and how many users have it."""

    title: str
    n_lists: int
    n_users: int


@dataclass(frozen=True)
class Exposure:
    """The exposure of the catalogue by the lists of all users.

    Attributes
    ----------
    n_programs, n_never, n_unknown
        The number of programs, of those in no list, and of those among them that no user has, so that no model knows
        them.
    n_lists
        The number of users with a list.
    most
        The programs in the most lists.
    never
        Those that the most users have, of the programs in no list although a user has them.
    """

    n_programs: int
    n_never: int
    n_unknown: int
    n_lists: int
    most: list[Exposed]
    never: list[Exposed]

    @classmethod
    def make(cls, ids: IdMap, titles: Sequence[str], positives: sp.coo_matrix, recommendations: pa.Table) -> Self:
        """Count the lists that each program is in, and the users that have it.

        Parameters
        ----------
        ids, titles
            The ids, and what people read for each program.
        positives
            Shape (n_users, n_programs): an entry for each positive.
        recommendations
            `user_id`, `rank` and `program_id`, as the stage `recommend` writes them.
        """
        n_programs = len(ids.program_ids)
        listed = pc.index_in(recommendations[PROGRAM_ID], pa.array(ids.program_ids)).to_numpy()
        n_lists = np.bincount(listed, minlength=n_programs)
        n_users = np.bincount(positives.col, minlength=n_programs)

        def first(order: np.ndarray) -> list[Exposed]:
            return [Exposed(titles[item], int(n_lists[item]), int(n_users[item])) for item in order[:LISTED]]

        most = np.argsort(-n_lists, kind="stable")
        known = np.argsort(-n_users, kind="stable")
        return cls(
            n_programs=n_programs,
            n_never=int((n_lists == 0).sum()),
            n_unknown=int(((n_lists == 0) & (n_users == 0)).sum()),
            n_lists=pc.sum(pc.equal(recommendations[RANK], 1)).as_py() or 0,
            most=first(most[n_lists[most] > 0]),
            never=first(known[(n_lists[known] == 0) & (n_users[known] > 0)]),
        )
