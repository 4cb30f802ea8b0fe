"""The id mapping: which row of a matrix is which user, and which column which program."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import pyarrow as pa

from recommender.files.columns import PROGRAM_ID, USER_ID


@dataclass(frozen=True)
class IdMap:
    """Which row of the matrix is which user, and which column which program. Immutable, and fitted once.

    Attributes
    ----------
    user_ids, program_ids
        The id of each row and each column.
    """

    user_ids: tuple[str, ...]
    program_ids: tuple[str, ...]

    @classmethod
    def fit(cls, users: pa.Table, programs: pa.Table) -> Self:
        """Number the users and the programs in the order of their clean tables."""
        return cls(tuple(users[USER_ID].to_pylist()), tuple(programs[PROGRAM_ID].to_pylist()))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Make a map of what `to_json` gave.

        Raises
        ------
        ValueError
            It is something else: ids are texts, and each is there once.
        """
        return cls(*(_distinct(content.get(name), name) for name in ("users", "programs")))

    def to_json(self) -> dict[str, list[str]]:
        """Give the map as what JSON can hold."""
        return {"users": list(self.user_ids), "programs": list(self.program_ids)}

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of programs."""
        return len(self.user_ids), len(self.program_ids)

    def user_index(self, user_id: str) -> int | None:
        """Row of a user; None: there is no such user."""
        return self._rows.get(user_id)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {user_id: row for row, user_id in enumerate(self.user_ids)}


def _distinct(ids: Any, name: str) -> tuple[str, ...]:
    if not (isinstance(ids, list) and all(type(id_) is str for id_ in ids)):
        raise ValueError(f"the {name} are no list of texts")
    if len(set(ids)) < len(ids):
        raise ValueError(f"one of the {name} is there twice")
    return tuple(ids)
