"""Example users are drawn by their ids alone, and shown with what they have and get."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from reporting.cases import entries

from recommender.files.ids import IdMap
from recommender.reporting.example_users import Example, examples, only_positives

PROGRAMS = tuple(f"p{item}" for item in range(30))
TITLES = [f"Title {item}" for item in range(30)]


def recommendations(lists: dict[str, list[int]]) -> pa.Table:
    """Rows in an order that is neither that of users nor that of ranks."""
    schema = pa.schema({"user_id": pa.string(), "rank": pa.int32(), "program_id": pa.string()})
    rows = [
        {"user_id": user, "rank": rank, "program_id": f"p{item}"}
        for user, items in lists.items()
        for rank, item in enumerate(items, start=1)
    ]
    return pa.Table.from_pylist(rows[::-1], schema)


def drawn(
    users: list[str],
    has: list[tuple[str, int]],
    lists: dict[str, list[int]] | None = None,
    timestamps: list[int] | None = None,
) -> list[Example]:
    ids = IdMap(tuple(users), PROGRAMS)
    rows, columns = [users.index(user) for user, _ in has], [item for _, item in has]
    matrix = entries([1] * len(has), rows, columns, ids.shape)
    moments = None if timestamps is None else np.array(timestamps, np.int64)
    return examples(ids, TITLES, matrix, moments, recommendations(lists or {}))


def by_lot(users: list[str]) -> list[str]:
    return sorted(users, key=lambda user: hashlib.sha256(user.encode()).digest())


NAMES = [f"user {number}" for number in range(200)] + ["é", "用户", "007", ""]


def test_those_with_the_lowest_lots_are_drawn_the_lowest_first() -> None:
    assert [each.user_id for each in drawn(NAMES, [(name, 1) for name in NAMES])] == by_lot(NAMES)[:10]


def test_other_users_and_another_model_and_another_order_draw_the_same() -> None:
    first = [each.user_id for each in drawn(NAMES, [(name, 1) for name in NAMES])]
    later = [name for name in by_lot(NAMES) if name not in first][:50]
    names = [*reversed(first), *later]
    lists = {name: [3] for name in later}
    assert [each.user_id for each in drawn(names, [(name, 2) for name in names], lists)] == first


def test_users_without_a_positive_are_not_drawn() -> None:
    least, *others = by_lot(NAMES)
    assert [each.user_id for each in drawn(NAMES, [(name, 1) for name in others])] == others[:10]
    assert least not in others


def test_fewer_users_than_are_drawn_are_all_there() -> None:
    assert [each.user_id for each in drawn(["b", "a", "c"], [("a", 1), ("b", 2)])] == by_lot(["a", "b"])


def test_history_is_by_title_the_latest_first_and_what_is_of_one_moment_in_the_order_of_the_data() -> None:
    has = [("a", 5), ("b", 9), ("a", 3), ("a", 7), ("a", 1), ("b", 8)]
    (found,) = (each for each in drawn(["a", "b"], has, timestamps=[10, 1, -20, 10, 30, 2]) if each.user_id == "a")
    assert found.history == ["Title 1", "Title 5", "Title 7", "Title 3"]


def test_many_of_one_moment_keep_the_order_of_the_data() -> None:
    rng = np.random.default_rng(0)
    names = [f"u{number}" for number in range(10)]
    has = [(names[pair // 30], int(pair % 30)) for pair in rng.permutation(300)]
    moments = rng.integers(0, 3, size=len(has)).tolist()
    for found in drawn(names, has, timestamps=moments):
        theirs = [(item, moment) for (name, item), moment in zip(has, moments, strict=True) if name == found.user_id]
        latest = sorted(theirs, key=lambda each: -each[1])
        assert found.history == [f"Title {item}" for item, _ in latest[:10]]


def test_without_times_the_order_of_the_data_stands_for_them() -> None:
    (found,) = drawn(["a"], [("a", 5), ("a", 3), ("a", 7)])
    assert found.history == ["Title 5", "Title 3", "Title 7"]


def test_of_a_long_history_the_latest_are_listed_and_all_are_counted() -> None:
    (found,) = drawn(["a"], [("a", item) for item in range(30)], timestamps=list(range(30)))
    assert found.history == [f"Title {29 - place}" for place in range(10)]
    assert found.n_history == 30


def test_recommendations_are_by_title_and_rank_each_with_its_user() -> None:
    found = drawn(["a", "b", "c"], [("a", 1), ("b", 1)], {"a": [9, 2, 14], "c": [4], "b": [2]})
    assert {each.user_id: each.recommended for each in found} == {
        "a": ["Title 9", "Title 2", "Title 14"],
        "b": ["Title 2"],
    }


def test_a_user_without_recommendations_is_there_with_an_empty_list() -> None:
    (found,) = drawn(["a", "b"], [("a", 1)], {"b": [1]})
    assert (found.user_id, found.recommended) == ("a", [])


@pytest.mark.parametrize("timestamps", [None, np.array([5, 6, 7, 8])])
def test_dislikes_are_no_history(timestamps: NDArray[np.int64] | None) -> None:
    matrix = entries([1.0, -1.0, 0.0, 0.5], [0, 1, 0, 2], [3, 2, 1, 0], (3, 4))
    positives, moments = only_positives(matrix, timestamps)
    assert positives.shape == (3, 4)
    assert (positives.row.tolist(), positives.col.tolist(), positives.data.tolist()) == ([0, 2], [3, 0], [1.0, 0.5])
    assert (None if moments is None else moments.tolist()) == (None if timestamps is None else [5, 8])


def test_positives_alone_are_not_copied() -> None:
    matrix = entries([1, 1], [0, 1], [1, 0], (2, 2))
    moments = np.array([1, 2])
    positives, same = only_positives(matrix, moments)
    assert positives is matrix
    assert same is moments
