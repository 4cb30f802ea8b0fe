"""The sample as the three CSV files."""

from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from recommender.files.atomic import open_atomically
from recommender.files.columns import INTERACTION, PROGRAM_ID, TIMESTAMP, USER_ID
from recommender.sample.tastes import fields_of_programs, fields_of_users, likes
from recommender.sample.vocabulary import FIELDS, FIRST_NAMES

_WRITE = pacsv.WriteOptions(quoting_style="none", quoting_header="none")


def write_sample(
    folder: Path,
    *,
    n_users: int,
    n_programs: int,
    n_interactions: int,
    seed: int,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Write `users.csv`, `programs.csv` and `interactions.csv`; the same arguments give the same bytes everywhere.

    Parameters
    ----------
    folder
        The folder to write to.
    n_users, n_programs
        The numbers of users and programs.
    n_interactions
        The approximate number of interactions: a user likes a program once, and at most half of all programs.
    seed
        Another seed gives another sample.
    on_rows
        Called with the number of interactions written since the last call.
    """
    with open_atomically(folder / "users.csv") as stream:
        pacsv.write_csv(users(n_users, seed), stream, _WRITE)
    with open_atomically(folder / "programs.csv") as stream:
        pacsv.write_csv(programs(n_programs), stream, _WRITE)
    schema = pa.schema(
        [(USER_ID, pa.string()), (PROGRAM_ID, pa.string()), (INTERACTION, pa.int8()), (TIMESTAMP, pa.int64())]
    )
    with (
        open_atomically(folder / "interactions.csv") as stream,
        pacsv.CSVWriter(stream, schema, write_options=_WRITE) as writer,
    ):
        for chunk in likes(n_users, n_programs, n_interactions, len(FIELDS), seed):
            ones = np.ones(len(chunk.users), dtype=np.int8)
            columns = [_ids("u", chunk.users), _ids("p", chunk.programs), pa.array(ones), pa.array(chunk.timestamps)]
            writer.write_table(pa.table(columns, schema=schema))
            if on_rows:
                on_rows(len(chunk.users))


def users(n_users: int, seed: int) -> pa.Table:
    """Make the users: names, and interests from the fields that they love and like."""
    tastes = fields_of_users(n_users, len(FIELDS), seed)
    rng = np.random.default_rng([seed, 2])
    tags = pa.array([tag for _, field_tags in FIELDS.values() for tag in field_tags])
    of_field = len(next(iter(FIELDS.values()))[1])
    first, second = rng.integers(of_field, size=n_users), rng.integers(of_field - 1, size=n_users)
    second += second >= first
    third = rng.integers(of_field, size=n_users)
    picks = [tastes[:, 0] * of_field + first, tastes[:, 0] * of_field + second, tastes[:, 1] * of_field + third]
    interests = pc.binary_join_element_wise(*(tags.take(pa.array(pick)) for pick in picks), "|")
    names = pa.array(FIRST_NAMES).take(pa.array(rng.integers(len(FIRST_NAMES), size=n_users)))
    return pa.table({USER_ID: _ids("u", np.arange(n_users)), "name": names, "interests": interests})


def programs(n_programs: int) -> pa.Table:
    """Make the programs: names, fields and tags."""
    titles, fields, tags = [], [], []
    names_of = [cycle(names) for names, _ in FIELDS.values()]
    for number, field in enumerate(fields_of_programs(n_programs, len(FIELDS)).tolist()):
        name = next(names_of[field])
        field_names, field_tags = list(FIELDS.values())[field]
        course = number // len(FIELDS)
        edition = course // len(field_names)
        titles.append(f"{name} {edition + 1}" if edition else name)
        fields.append(list(FIELDS)[field])
        tags.append("|".join(islice(cycle(field_tags), course % len(field_tags), course % len(field_tags) + 3)))
    ids = _ids("p", np.arange(n_programs))
    return pa.table({PROGRAM_ID: ids, "name": titles, "field": fields, "tags": tags})


def _ids(letter: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(letter, pc.cast(pa.array(numbers), pa.string()), "_")
