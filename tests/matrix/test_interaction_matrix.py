"""The matrix is LightFM's own, built without a loop."""

from typing import Any

import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from lightfm.data import Dataset
from projects import CHECKOUT

from recommender.errors import RecommenderError
from recommender.files.ids import IdMap
from recommender.matrix.interaction_matrix import interaction_matrix
from recommender.matrix.lightfm_dataset import lightfm_dataset
from recommender.settings.data import DataSettings
from recommender.settings.params_file import read_yaml

TEXT = st.text(max_size=5)


def positives(**changed: Any) -> DataSettings:
    defaults: dict[str, Any] = {"positive_threshold": 1, "below_threshold": "drop", "weight": "none"}
    return DataSettings.parse(read_yaml(CHECKOUT / "params.yaml")["data"] | defaults | changed, "data")


def clean(
    rows: list[tuple[str, str, float]], times: list[int] | None = None, parts: list[str] | None = None
) -> pa.Table:
    users, programs, values = zip(*rows, strict=True)
    columns = {
        "user_id": pa.array(users, pa.string()).dictionary_encode(),
        "program_id": pa.array(programs, pa.string()).dictionary_encode(),
        "interaction": pa.array(values, pa.float64()),
    }
    return pa.table(columns | ({"timestamp": times} if times else {}) | ({"split": parts} if parts else {}))


@st.composite
def data(draw: st.DrawFn) -> tuple[list[str], list[str], list[tuple[str, str, float]]]:
    users = draw(st.lists(TEXT, min_size=1, unique=True))
    programs = draw(st.lists(TEXT, min_size=1, unique=True))
    pair = st.tuples(st.sampled_from(users), st.sampled_from(programs))
    pairs = draw(st.lists(pair, min_size=1, unique=True))
    return users, programs, [(user, program, 1.0) for user, program in pairs]


@settings(deadline=None, max_examples=60)
@given(data())
def test_the_matrix_and_the_mapping_are_lightfms(
    drawn: tuple[list[str], list[str], list[tuple[str, str, float]]],
) -> None:
    users, programs, rows = drawn
    dataset = Dataset()
    dataset.fit(users, programs)
    expected, _ = dataset.build_interactions((user, program) for user, program, _ in rows)

    ids = IdMap.fit(pa.table({"user_id": users}), pa.table({"program_id": programs}))
    found, timestamps, given_test = interaction_matrix(clean(rows), ids, positives())
    assert (timestamps, given_test) == (None, None)
    assert found.shape == expected.shape
    for part in ("row", "col", "data"):
        assert getattr(found, part).tolist() == getattr(expected, part).tolist()
    assert [str(part.dtype) for part in (found.row, found.col, found.data)] == ["int32", "int32", "float32"]
    assert lightfm_dataset(ids, [], []).mapping() == dataset.mapping()
    assert IdMap.from_json(ids.to_json()) == ids
    assert [ids.user_index(user) for user in users] == list(range(len(users)))


IDS = IdMap(("a", "b"), ("x", "y"))
ROWS = [("b", "x", 5.0), ("a", "y", 2.0), ("a", "x", 3.0)]


@pytest.mark.parametrize(
    ("changed", "entries", "when", "where"),
    [
        ({}, [(1, 0, 1), (0, 1, 1), (0, 0, 1)], [30, 10, 20], [False, False, True]),
        ({"positive_threshold": 3}, [(1, 0, 1), (0, 0, 1)], [30, 20], [False, True]),
        (
            {"positive_threshold": 3, "below_threshold": "negative"},
            [(1, 0, 1), (0, 1, -1), (0, 0, 1)],
            [30, 10, 20],
            [False, False, True],
        ),
        ({"weight": "interaction", "positive_threshold": 3}, [(1, 0, 5), (0, 0, 3)], [30, 20], [False, True]),
    ],
)
def test_what_counts_and_how_much_is_what_the_settings_say(
    changed: dict[str, Any], entries: list[tuple[int, int, float]], when: list[int], where: list[bool]
) -> None:
    table = clean(ROWS, [30, 10, 20], ["train", "train", "test"])
    matrix, times, given_test = interaction_matrix(table, IDS, positives(**changed))
    assert list(zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True)) == entries
    assert times is not None
    assert given_test is not None
    assert (times.tolist(), given_test.tolist()) == (when, where)
    assert isinstance(matrix, sp.coo_matrix)


@pytest.mark.parametrize("value", [0.0, -0.5])
def test_one_positive_that_would_weigh_nothing_is_enough_to_be_refused(value: float) -> None:
    rows = [("a", "x", 5.0), ("a", "y", value), ("b", "x", -3.0)]
    with pytest.raises(RecommenderError, match=f"a positive of {value:g} would not count"):
        interaction_matrix(clean(rows), IDS, positives(weight="interaction", positive_threshold=-1))
    matrix, _, _ = interaction_matrix(clean(rows), IDS, positives(weight="interaction", positive_threshold=4))
    assert matrix.data.tolist() == [5]


def test_a_positive_may_weigh_little() -> None:
    matrix, _, _ = interaction_matrix(
        clean([("a", "x", 0.25)]), IDS, positives(weight="interaction", positive_threshold=0)
    )
    assert matrix.data.tolist() == [0.25]


def test_a_positive_that_would_weigh_nothing_is_refused() -> None:
    with pytest.raises(RecommenderError, match=r"a positive of -1 would not count; raise data\.positive_threshold"):
        interaction_matrix(clean([("a", "x", -1)]), IDS, positives(weight="interaction", positive_threshold=-2))
