"""Interactions: known users and programs, numbers, moments, a given split, and each pair once."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.numeric import to_numbers
from recommender.cleaning.refusals import Refusals
from recommender.cleaning.times import time_format, to_milliseconds
from recommender.errors import RecommenderError
from recommender.files.columns import INTERACTION, PROGRAM_ID, SPLIT, TEST, TIMESTAMP, TRAIN, USER_ID
from recommender.settings.data import DataSettings

Codes = NDArray[np.int32]


def read_interactions(
    file: CsvFile, user_ids: pa.Array, program_ids: pa.Array, settings: DataSettings, error_settings: set[str]
) -> tuple[pa.Table, pa.Table, int]:
    """Read the interactions.

    Parameters
    ----------
    file
        The file.
    user_ids, program_ids
        Shapes (n_users,) and (n_programs,), string: the ids that an interaction may have.
    settings
        How the file is written, and what several rows of one pair mean.
    error_settings
        The settings whose rows are a mistake and not to be dropped.

    Returns
    -------
    table : pyarrow.Table
        `user_id` and `program_id` (dictionaries over the ids given), `interaction` (float64), if the file has times
        `timestamp` (int64, milliseconds since 1970 UTC), and if a column of it is named for that `split` (``train`` or
        ``test``); in the order of the file, each pair once.
    dropped : pyarrow.Table
        What was refused, as `recommender.cleaning.refusals.DROPPED`.
    merged : int
        How many rows went into another row of the same pair.

    Raises
    ------
    RecommenderError
        The file cannot be read, or a row is wrong and may not be dropped.
    """
    names = settings.columns.interactions
    columns = {USER_ID: names.user_id, PROGRAM_ID: names.program_id}
    if names.interaction is not None:
        columns[INTERACTION] = names.interaction
    if names.timestamp is not None and names.timestamp in file.header():
        columns[TIMESTAMP] = names.timestamp
    if names.split is not None:
        columns[SPLIT] = names.split
    table, malformed = file.read(columns, ids=[USER_ID, PROGRAM_ID], skip_malformed="bad_rows" not in error_settings)
    if not len(table):
        raise RecommenderError(f"{file.name} has a header and no rows; there is nothing to learn from")

    refusals = Refusals(file, np.zeros(len(table), dtype=bool), malformed)
    users = _known(table, USER_ID, user_ids, columns, "users.csv", refusals)
    programs = _known(table, PROGRAM_ID, program_ids, columns, "programs.csv", refusals)
    values = np.ones(len(table))
    if INTERACTION in columns:
        values, wrong = to_numbers(table[INTERACTION])
        refusals.refuse(wrong, columns[INTERACTION], table[INTERACTION], "is not a finite number")
    times = None
    if TIMESTAMP in columns:
        times = _times(table[TIMESTAMP], columns[TIMESTAMP], settings, refusals)
    in_test = None
    if SPLIT in columns:
        in_test = _in_test(table[SPLIT], columns[SPLIT], refusals)
    pairs = users.astype(np.int64) * len(program_ids) + programs
    if settings.duplicates == "error":
        _refuse_repeated(pairs, table, columns, refusals)
    if settings.duplicates in ("max", "sum") and in_test is not None:
        _refuse_torn(pairs, in_test, table, columns, refusals)
    if settings.duplicates == "sum":
        _refuse_endless_sums(pairs, values, table, columns, refusals)
    dropped = refusals.dropped(error_settings)

    rows = np.flatnonzero(~refusals.refused)
    usable = len(rows)
    if not usable:
        raise RecommenderError(
            f"{file.name} has no row that can be used, of {len(table):,}; "
            "set data.bad_rows and data.unknown_ids to error to see why"
        )
    rows, values, times = _merged(rows, pairs, values, times, settings.duplicates)
    clean = {
        USER_ID: pa.DictionaryArray.from_arrays(pa.array(users[rows]), user_ids),
        PROGRAM_ID: pa.DictionaryArray.from_arrays(pa.array(programs[rows]), program_ids),
        INTERACTION: pa.array(values),
    }
    if times is not None:
        clean[TIMESTAMP] = pa.array(times)
    if in_test is not None:
        clean[SPLIT] = pc.if_else(pa.array(in_test[rows]), TEST, TRAIN)
    return pa.table(clean), dropped, usable - len(rows)


def _known(table: pa.Table, name: str, ids: pa.Array, columns: dict[str, str], where: str, refusals: Refusals) -> Codes:
    """Position of each row's id among the known ids; refuse the rows that have none."""
    column = table[name].combine_chunks()
    position = pc.fill_null(pc.index_in(column.dictionary, ids), -1).to_numpy()
    empty = pc.equal(column.dictionary, "").to_numpy(zero_copy_only=False)
    codes = column.indices.to_numpy()
    refusals.refuse(empty[codes], columns[name], table[name], "is empty")
    found: Codes = position[codes]
    refusals.refuse(found < 0, columns[name], table[name], f"is not in {where}", setting="unknown_ids")
    return found


def _times(texts: pa.ChunkedArray, column: str, settings: DataSettings, refusals: Refusals) -> NDArray[np.int64]:
    refusals.refuse(pc.equal(texts, "").to_numpy(), column, texts, "is empty")
    format_ = settings.timestamp_format
    if format_ == "auto":
        # Where no row is a time at all, every row is held to ISO 8601 and refused with its own value.
        format_ = time_format(texts.filter(pa.array(~refusals.refused))) or "iso8601"
    times = to_milliseconds(texts, format_)
    refusals.refuse(
        times.wrong, column, texts, f"is not a time in {format_}, as the first row is or data.timestamp_format says"
    )
    refusals.refuse(
        times.impossible, column, texts, "is no moment of the years 1 to 9999: there is no such day, hour or offset"
    )
    return times.milliseconds


def _in_test(texts: pa.ChunkedArray, column: str, refusals: Refusals) -> NDArray[np.bool_]:
    parts = pc.utf8_trim_whitespace(texts)
    refusals.refuse(
        ~pc.is_in(parts, pa.array([TRAIN, TEST])).to_numpy(), column, texts, f"is neither {TRAIN} nor {TEST}"
    )
    in_test: NDArray[np.bool_] = pc.equal(parts, TEST).to_numpy()
    return in_test


def _refuse_repeated(pairs: NDArray[np.int64], table: pa.Table, columns: dict[str, str], refusals: Refusals) -> None:
    kept = np.flatnonzero(~refusals.refused)
    again = ~refusals.refused
    again[kept[np.unique(pairs[kept], return_index=True)[1]]] = False
    refusals.refuse(
        again,
        columns[PROGRAM_ID],
        table[PROGRAM_ID],
        "is there already for this user (data.duplicates says what that means)",
    )


def _refuse_torn(
    pairs: NDArray[np.int64],
    in_test: NDArray[np.bool_],
    table: pa.Table,
    columns: dict[str, str],
    refusals: Refusals,
) -> None:
    """Refuse rows that would be merged into one and are in different parts: what is tested must not be trained on."""
    kept = ~refusals.refused
    torn = np.intersect1d(pairs[kept & in_test], pairs[kept & ~in_test])
    refusals.refuse(
        np.isin(pairs, torn),
        columns[SPLIT],
        table[SPLIT],
        "is not what another row of this user and program says (data.duplicates merges these rows)",
    )


def _refuse_endless_sums(
    pairs: NDArray[np.int64],
    values: NDArray[np.float64],
    table: pa.Table,
    columns: dict[str, str],
    refusals: Refusals,
) -> None:
    rows = np.flatnonzero(~refusals.refused)
    with np.errstate(over="ignore"):
        if np.isfinite(np.abs(values[rows]).sum()):
            return
        merged, sums, _ = _merged(rows, pairs, values, None, "sum")
    endless = np.isin(pairs, pairs[merged[~np.isfinite(sums)]])
    refusals.refuse(
        endless,
        columns[INTERACTION],
        table[INTERACTION],
        "and the other rows of this user and program have no finite sum (data.duplicates is sum)",
    )


def _merged(
    rows: NDArray[np.int64], pairs: NDArray[np.int64], values: NDArray[np.float64],
    times: NDArray[np.int64] | None, duplicates: str,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64] | None]:  # fmt: skip
    """Keep one row for each pair: the `first` or `last`; for `max` and `sum` the first, with the latest time."""
    pairs, values = pairs[rows], values[rows]
    times = None if times is None else times[rows]
    ordered = np.sort(pairs)
    if not (ordered[1:] == ordered[:-1]).any():
        return rows, values, times
    order = np.argsort(pairs, kind="stable")
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(order)] - 1
    if duplicates == "last":
        kept = np.sort(order[ends])
        return rows[kept], values[kept], None if times is None else times[kept]
    kept = order[starts]
    if duplicates in ("max", "sum"):
        merge = np.maximum if duplicates == "max" else np.add
        values[kept] = merge.reduceat(values[order], starts)
        if times is not None:
            times[kept] = np.maximum.reduceat(times[order], starts)
    kept = np.sort(kept)
    return rows[kept], values[kept], None if times is None else times[kept]
