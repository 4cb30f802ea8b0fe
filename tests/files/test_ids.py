"""The id mapping numbers users and programs in the order of their tables, and can be written and read."""

import json

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.files.ids import IdMap

ids = st.lists(st.text(max_size=5), unique=True)


@settings(deadline=None, max_examples=50)
@given(ids, ids)
def test_every_id_has_the_number_of_its_row_before_and_after_writing(users: list[str], programs: list[str]) -> None:
    tables = (
        pa.table({"user_id": pa.array(users, pa.string())}),
        pa.table({"program_id": pa.array(programs, pa.string())}),
    )
    fitted = IdMap.fit(*tables)
    for found in (fitted, IdMap.from_json(json.loads(json.dumps(fitted.to_json())))):
        assert found == fitted
        assert (found.user_ids, found.program_ids) == (tuple(users), tuple(programs))
        assert found.shape == (len(users), len(programs))
        assert [found.user_index(user) for user in users] == list(range(len(users)))


def test_an_unknown_user_has_no_row() -> None:
    assert IdMap(("a", "b"), ("x",)).user_index("x") is None
