"""A row is refused once, for the first reason; all that is refused is told or dropped, by its line in the file."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.entities import read_entities
from recommender.cleaning.refusals import DROPPED, Refusals
from recommender.errors import RecommenderError

VALUES = pa.chunked_array([["v0", "v1"], ["v2", "v3", "v4"]])


@pytest.fixture
def file(tmp_path: Path) -> CsvFile:
    """Give a file whose five rows begin in lines 2, 3, 6, 7 and 9; line 8 is malformed."""
    path = tmp_path / "file.csv"
    path.write_bytes(b'a,b\nv0,\nv1,"\n\n"\nv2,\nv3,\nno row\nv4,\n')
    return CsvFile(path, "utf-8", ",")


def rows(*chosen: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(5), chosen)


def test_a_row_is_dropped_for_the_first_reason_in_the_order_of_the_file(file: CsvFile) -> None:
    refusals = Refusals(file, np.zeros(5, dtype=bool), [(8, "is no row")])
    refusals.refuse(rows(4, 1), "a", VALUES, "is wrong")
    refusals.refuse(rows(0, 1, 2), "b", VALUES, "is wrong, too", setting="unknown_ids")
    refusals.refuse(rows(0, 4), "b", VALUES, "is refused already")
    assert list(refusals.refused) == [True, True, True, False, True]
    dropped = refusals.dropped(set())
    assert dropped.schema == DROPPED
    assert [tuple(row.values()) for row in dropped.to_pylist()] == [
        ("file.csv", 2, "b", "v0", "is wrong, too"),
        ("file.csv", 3, "a", "v1", "is wrong"),
        ("file.csv", 6, "b", "v2", "is wrong, too"),
        ("file.csv", 8, "", "", "is no row"),
        ("file.csv", 9, "a", "v4", "is wrong"),
    ]


def test_where_nothing_is_refused_nothing_is_dropped_and_no_line_looked_for(file: CsvFile) -> None:
    refusals = Refusals(file, np.zeros(5, dtype=bool), [])
    refusals.refuse(rows(), "a", VALUES, "is wrong")
    file.path.unlink()
    assert refusals.dropped({"bad_rows", "unknown_ids"}).equals(DROPPED.empty_table())


def test_rows_of_one_setting_are_told_in_the_order_of_the_file(file: CsvFile) -> None:
    refusals = Refusals(file, np.zeros(5, dtype=bool), [])
    refusals.refuse(rows(4), "a", VALUES, "is unknown", setting="unknown_ids")
    refusals.refuse(rows(1, 3), "a", VALUES, "is wrong")
    refusals.refuse(rows(0, 2), "\x1b", VALUES, "is wrong, too")
    with pytest.raises(RecommenderError) as error:
        refusals.dropped({"bad_rows"})
    assert str(error.value).splitlines() == [
        "file.csv: 4 rows cannot be used:",
        "  line 2: '\\x1b' 'v0' is wrong, too",
        "  line 3: a 'v1' is wrong",
        "  line 6: '\\x1b' 'v2' is wrong, too",
        "  line 7: a 'v3' is wrong",
        "mend the file, or set data.bad_rows to drop",
    ]
    for settings in ({"unknown_ids"}, {"unknown_ids", "duplicates"}):
        with pytest.raises(RecommenderError) as error:
            refusals.dropped(settings)
        assert str(error.value) == (
            "file.csv line 9: a 'v4' is unknown; mend the file, or set data.unknown_ids to drop"
        )
    assert len(refusals.dropped({"duplicates"})) == 5


def test_of_both_settings_bad_rows_are_told_first(file: CsvFile) -> None:
    for order in (["bad_rows", "unknown_ids"], ["unknown_ids", "bad_rows"]):
        refusals = Refusals(file, np.zeros(5, dtype=bool), [])
        for row, setting in enumerate(order):
            refusals.refuse(rows(row), "a", VALUES, "is wrong", setting=setting)
        with pytest.raises(RecommenderError, match=r"set data\.bad_rows to drop$"):
            refusals.dropped({"bad_rows", "unknown_ids"})


def test_of_many_refused_rows_no_more_lines_are_looked_for_than_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a\n" + b"x\n" * 20)
    refusals = Refusals(CsvFile(path, "utf-8", ","), np.zeros(20, dtype=bool), [])
    refusals.refuse(np.ones(20, dtype=bool), "a", pa.chunked_array([["x"] * 20]), "is wrong")
    path.write_bytes(b"a\n" + b"x\n" * 9 + b'"x\n"' + b'"')
    with pytest.raises(RecommenderError) as error:
        refusals.dropped({"bad_rows"})
    assert str(error.value).count("line") == 10


IDS = "id,age\na,1\n,2\nb,3\na,4\n\nc\nb,5\na,6\nd,\n"


def test_each_id_is_kept_where_it_stands_first(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text(IDS)
    table, dropped = read_entities(CsvFile(path, "utf-8", ","), "user_id", {"user_id": "id", "age": "age"}, set())
    assert table.to_pylist() == [
        {"user_id": "a", "age": "1"},
        {"user_id": "b", "age": "3"},
        {"user_id": "d", "age": ""},
    ]
    assert [(row["line"], row["value"], row["reason"]) for row in dropped.to_pylist()] == [
        (3, "", "is empty"),
        (5, "a", "is there already, in a row above"),
        (7, "", "has 1 cells, and the header has 2"),
        (8, "b", "is there already, in a row above"),
        (9, "a", "is there already, in a row above"),
    ]


@pytest.mark.parametrize("error_settings", [{"bad_rows"}, {"bad_rows", "unknown_ids"}])
def test_malformed_rows_of_a_table_are_a_mistake_where_the_setting_says_so(
    error_settings: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "users.csv"
    path.write_text("id,age\na,1\nc\n")
    file = CsvFile(path, "utf-8", ",")
    with pytest.raises(RecommenderError, match=r"^users\.csv line 3: has 1 cells, and the header has 2"):
        read_entities(file, "user_id", {"user_id": "id"}, error_settings)
    table, dropped = read_entities(file, "user_id", {"user_id": "id"}, error_settings - {"bad_rows"})
    assert table.to_pylist() == [{"user_id": "a"}]
    assert dropped["line"].to_pylist() == [3]
