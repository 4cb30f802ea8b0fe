"""Taking files into the project: everything is checked before anything is replaced."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from recommender.cleaning.validate_files import CleanData
from recommender.files.columns import PROGRAM_ID, TITLE, USER_ID
from recommender.importing.data_settings import data_settings, write_changes
from recommender.importing.lost_letters import lost_letters
from recommender.importing.plan import Plan
from recommender.importing.raw_files import put_under_dvc, refuse_to_lose, replace
from recommender.importing.request import ImportRequest
from recommender.project import scratch


@dataclass(frozen=True)
class Imported:
    """The result of an import.

    Attributes
    ----------
    report
        Counts, as `recommender.cleaning.validate_files.CleanData.report`.
    written_anew
        The names of the files that could not be taken as they are.
    warning
        What somebody should know of the data; None: nothing.
    """

    report: dict[str, Any]
    written_anew: tuple[str, ...]
    warning: str | None


def take_files(root: Path, request: ImportRequest) -> Imported:
    """Check files, put them in the place of the raw files, under DVC's control, and have `params.yaml` read them.

    Parameters
    ----------
    root
        The project's folder.
    request
        The files, and how they are written.

    Raises
    ------
    RecommenderError
        A file cannot be used, or a raw file has content that would be lost; nothing has been changed.
    """
    with scratch(root) as folder:
        plan = Plan.make(root, request, folder)
        clean = plan.check()
        if not request.force:
            refuse_to_lose(root, plan.sources)
        replace(root, plan.sources)
    write_changes(root, plan.changes)
    put_under_dvc(root, list(plan.sources))
    return Imported(clean.report, plan.written_anew, lost_letters(_texts(root, request, clean)))


def _texts(root: Path, request: ImportRequest, clean: CleanData) -> Iterator[tuple[str, str, pa.ChunkedArray]]:
    """Give the ids and titles, each with its file and column."""
    columns, files = data_settings(root, {}).columns, request.files()
    titles, ids = clean.titles[TITLE], clean.titles[PROGRAM_ID]
    for table, name, texts in (
        ("users", USER_ID, clean.users[USER_ID]),
        ("programs", PROGRAM_ID, ids),
        ("programs", TITLE, pc.if_else(pc.equal(titles, ids), "", titles)),
    ):
        where = table if table in files else "interactions"
        column = getattr(getattr(columns, where), name, None)
        if column is not None:
            yield files[where].path.name, column, texts
