"""Users and programs: each id once, and what describes them."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.refusals import Refusals


def read_entities(
    file: CsvFile, id_name: str, columns: Mapping[str, str], error_settings: set[str]
) -> tuple[pa.Table, pa.Table]:
    """Read a table of users or programs.

    Parameters
    ----------
    file
        The file.
    id_name
        Which of the columns is the id.
    columns
        The name of each wanted column in the file, by the name it is to have in the table.
    error_settings
        The settings whose rows are a mistake and not to be dropped.

    Returns
    -------
    table : pyarrow.Table
        The columns, in the order of the file, each id once and none empty.
    dropped : pyarrow.Table
        What was refused, as `recommender.cleaning.refusals.DROPPED`.

    Raises
    ------
    RecommenderError
        The file cannot be read, or a row is wrong and may not be dropped.
    """
    table, malformed = file.read(columns, ids=[id_name], skip_malformed="bad_rows" not in error_settings)
    ids = pc.cast(table[id_name], pa.string()).combine_chunks()
    refusals = Refusals(file, np.zeros(len(table), dtype=bool), malformed)
    refusals.refuse(pc.equal(ids, "").to_numpy(zero_copy_only=False), columns[id_name], ids, "is empty")
    first = pc.index_in(ids, pc.unique(ids)).to_numpy()
    again = np.ones(len(table), dtype=bool)
    again[np.unique(first, return_index=True)[1]] = False
    refusals.refuse(again, columns[id_name], ids, "is there already, in a row above")
    dropped = refusals.dropped(error_settings)
    kept = table.set_column(0, id_name, ids).filter(pa.array(~refusals.refused))
    return kept.combine_chunks(), dropped
