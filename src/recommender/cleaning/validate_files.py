"""From three CSV files to clean tables and a report on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.entities import read_entities
from recommender.cleaning.growth import growth
from recommender.cleaning.interactions import read_interactions
from recommender.cleaning.utf8 import OnBytes
from recommender.errors import RecommenderError
from recommender.files.columns import INTERACTION, PROGRAM_ID, TIMESTAMP, TITLE, USER_ID
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.text import shown


@dataclass(frozen=True)
class CleanData:
    """The usable content of the three files.

    Attributes
    ----------
    users, programs
        The id (`user_id`, `program_id`) and the columns that describe; text, in the order of the file.
    titles
        `program_id` and `title`.
    interactions
        See `recommender.cleaning.interactions.read_interactions`.
    dropped
        The rows that could not be used, as `recommender.cleaning.refusals.DROPPED`.
    growth
        Counts by month, as `recommender.cleaning.growth.GROWTH`.
    report
        Counts, for people and for `dvc metrics`.
    """

    users: pa.Table
    programs: pa.Table
    titles: pa.Table
    interactions: pa.Table
    dropped: pa.Table
    growth: pa.Table
    report: dict[str, Any]


def validate_files(
    users: Path,
    programs: Path,
    interactions: Path,
    *,
    settings: DataSettings,
    features: FeatureSettings,
    on_bytes: OnBytes | None = None,
) -> CleanData:
    """Read, check and clean the three files.

    Parameters
    ----------
    users, programs, interactions
        The three files.
    settings, features
        How they are to be read, and which columns describe.
    on_bytes
        Called with how many bytes have been read since the last call.

    Raises
    ------
    RecommenderError
        What is wrong, by file, line, column and value, unless the settings say that it is to be dropped.
    """
    error_settings = {name for name in ("bad_rows", "unknown_ids") if getattr(settings, name) == "error"}
    files = [CsvFile(path, settings.encoding, settings.delimiter, on_bytes) for path in (users, programs, interactions)]
    names = settings.columns

    user_columns = _columns(USER_ID, names.users.user_id, features.users, "users")
    user_table, user_dropped = read_entities(files[0], USER_ID, user_columns, error_settings)

    program_columns = _columns(PROGRAM_ID, names.programs.program_id, features.programs, "programs")
    title = names.programs.title
    shown = {_TITLE: title} if title is not None and title in files[1].header() else {}
    program_table, program_dropped = read_entities(files[1], PROGRAM_ID, program_columns | shown, error_settings)
    for file, table in zip(files[:2], (user_table, program_table), strict=True):
        if not len(table):
            raise RecommenderError(f"{file.name} has a header and no rows; it must name at least one id")
    ids = program_table[PROGRAM_ID]
    titles = pc.if_else(pc.equal(program_table[_TITLE], ""), ids, program_table[_TITLE]) if shown else ids

    clean, dropped, merged = read_interactions(
        files[2], user_table[USER_ID].combine_chunks(), ids.combine_chunks(), settings, error_settings
    )
    dropped = pa.concat_tables([user_dropped, program_dropped, dropped])
    positives = int((clean[INTERACTION].to_numpy() >= settings.positive_threshold).sum())
    if not positives:
        raise RecommenderError(
            f"{files[2].name} has no positive: no interaction is at least {settings.positive_threshold:g}; "
            "lower data.positive_threshold"
        )
    report = {
        "users": len(user_table),
        "programs": len(program_table),
        "interactions": len(clean),
        "positives": positives,
        "density": positives / (len(user_table) * len(program_table)),
        **_activity(clean, settings.positive_threshold),
        **_period(clean),
        "merged_rows": merged,
        "dropped_rows": len(dropped),
    }
    return CleanData(
        users=user_table,
        programs=program_table.select(list(program_columns)),
        titles=pa.table({PROGRAM_ID: ids, TITLE: titles}),
        interactions=clean,
        dropped=dropped,
        growth=growth(clean),
        report=report,
    )


_TITLE = "\0title"
"""The title on its way through the table of programs: no describing column can be called so."""


def _columns(id_name: str, id_column: str, described_by: Sequence[str], table: str) -> dict[str, str]:
    if id_name in described_by and id_column != id_name:
        raise RecommenderError(
            f"features.{table} names the column {id_name}, and data.columns.{table}.{id_name} says that the ids are in "
            f"{shown(id_column)}; rename that column {id_name}, or leave it out of features.{table}"
        )
    return {id_name: id_column} | {name: name for name in described_by}


def _activity(clean: pa.Table, threshold: float) -> dict[str, float]:
    positive = clean[INTERACTION].to_numpy() >= threshold
    medians = {}
    for column, name in ((USER_ID, "median_positives_of_a_user"), (PROGRAM_ID, "median_positives_of_a_program")):
        codes = clean[column].combine_chunks().indices.to_numpy()[positive]
        counts = np.bincount(codes)
        medians[name] = float(np.median(counts[counts > 0]))
    return medians


def _period(clean: pa.Table) -> dict[str, str]:
    if TIMESTAMP not in clean.column_names:
        return {}
    times = clean[TIMESTAMP].to_numpy()
    moments = {"from": times.min(), "to": times.max()}
    return {name: f"{np.datetime64(int(ms) // 1000, 's')}Z" for name, ms in moments.items()}
