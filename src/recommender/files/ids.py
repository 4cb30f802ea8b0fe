"""The id mapping: which row of a matrix is which user, and which column which program."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import pyarrow as pa

from recommender.files.columns import PROGRAM_ID, USER_ID


@dataclass(frozen=True)
class IdMap:
    """The rows and columns of the interaction matrix as ids; immutable, and fitted once.

    Attributes
    ----------
    user_ids, program_ids
        The id of each row and of each column.

    Examples
    --------
    >>> ids = IdMap(("u_7", "u_2"), ("p_1", "p_3", "p_9"))
    >>> ids.shape
    (2, 3)
    >>> ids.user_index("u_2")
    1
    >>> ids.user_index("u_0") is None
    True
    """

    user_ids: tuple[str, ...]
    program_ids: tuple[str, ...]

    @classmethod
    def fit(cls, users: pa.Table, programs: pa.Table) -> Self:
        """Number the users and the programs in the order of their clean tables."""
        return cls(tuple(users[USER_ID].to_pylist()), tuple(programs[PROGRAM_ID].to_pylist()))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Make a map from the content of `ids.json`.

        Raises
        ------
        ValueError
            The content is something else, or an id is not text or occurs twice.
        """
        return cls(*(_distinct(content.get(name), name) for name in ("users", "programs")))

    def to_json(self) -> dict[str, list[str]]:
        """Give the map as JSON can hold it."""
        return {"users": list(self.user_ids), "programs": list(self.program_ids)}

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of programs."""
        return len(self.user_ids), len(self.program_ids)

    def user_index(self, user_id: str) -> int | None:
        """Find the row of a user; None: there is no such user."""
        return self._rows.get(user_id)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {user_id: row for row, user_id in enumerate(self.user_ids)}


def _distinct(ids: Any, name: str) -> tuple[str, ...]:
    if not (isinstance(ids, list) and all(type(id_) is str for id_ in ids)):
        raise ValueError(f"the {name} are not a list of texts")
    if len(set(ids)) < len(ids):
        raise ValueError(f"one of the {name} is there twice")
    return tuple(ids)
