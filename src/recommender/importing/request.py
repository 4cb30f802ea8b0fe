"""The request for an import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from recommender.files.columns import INTERACTION, PROGRAM_ID, SPLIT, TIMESTAMP, TITLE, USER_ID

COLUMNS = {
    "users": (USER_ID,),
    "programs": (PROGRAM_ID, TITLE),
    "interactions": (USER_ID, PROGRAM_ID, INTERACTION, TIMESTAMP, SPLIT),
}
"""The columns of each table that have a meaning, by the project's names for them."""

OnBadRow = Literal["error", "drop"]


@dataclass(frozen=True)
class GivenFile:
    """A file as somebody has it.

    Attributes
    ----------
    path
        Where it is.
    columns
        What the file calls the columns that have a meaning, by the project's names; without a header the column's
        position from 1. None: there is no such column. What is not named is called as `params.yaml` says.
    encoding, delimiter
        How it is written; None: as `params.yaml` says.
    has_header
        Whether its first line names the columns.
    """

    path: Path
    columns: Mapping[str, str | None] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool = True


@dataclass(frozen=True)
class ImportRequest:
    """The files to import, and the settings to change; None: as `params.yaml` says.

    Attributes
    ----------
    interactions, users, programs
        The files; users and programs that are not given are those of the interactions.
    positive_threshold, unknown_ids, bad_rows
        As in the settings below `data`.
    force
        Whether raw files may be replaced that neither Git nor DVC has.
    """

    interactions: GivenFile
    users: GivenFile | None = None
    programs: GivenFile | None = None
    positive_threshold: float | None = None
    unknown_ids: OnBadRow | None = None
    bad_rows: OnBadRow | None = None
    force: bool = False

    def files(self) -> dict[str, GivenFile]:
        """Give the files that there are, by table."""
        given = {"users": self.users, "programs": self.programs, "interactions": self.interactions}
        return {table: file for table, file in given.items() if file is not None}
