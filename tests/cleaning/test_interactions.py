"""Whatever rows a pair has, and wherever they stand, they are merged, kept and dropped as a plain reader does it."""

import random
from pathlib import Path
from typing import Any

import pytest
from fuzz import laws, plain
from fuzz.files import Files
from fuzz.params import SHIPPED_VALUES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Row = tuple[str, str, str, str, str]

NAMES = ["user_id", "program_id", "interaction", "timestamp", "split"]
USERS = ["a", "b", "c", "d", ""]
PROGRAMS = ["x", "y", "z", ""]
TIMES = {
    "seconds": ["100", "300", "-50", "99999999999"],
    "milliseconds": ["100000000000", "300000000000", "-200000000000"],
    "iso8601": ["2024-02-29", "2023-01-02T03:04Z", "1969-12-31T23:59:59.5"],
    "none of them": ["yesterday", "", "2023-02-29"],
}
ROWS = st.sampled_from(list(TIMES)).flatmap(
    lambda format_: st.lists(
        st.tuples(
            st.sampled_from([*USERS[:2] * 4, *USERS]),
            st.sampled_from([*PROGRAMS[:2] * 4, *PROGRAMS]),
            st.sampled_from(["1", "2", "3.5", "-1", "0", "1e308", "many"]),
            st.sampled_from(TIMES[format_] * 3 + [time for times in TIMES.values() for time in times]),
            st.sampled_from([*["train", "test"] * 5, " test ", "Train", ""]),
        ),
        min_size=1,
        max_size=12,
    )
)
DUPLICATES = ["error", "first", "last", "max", "sum"]
EITHER = st.sampled_from(["error", "drop", "drop"])


def written(rows: list[Row], columns: list[str], **changed: Any) -> Files:
    """Write rows of some of the columns, for users a to c and programs x and y."""
    lines = [",".join(columns), *(",".join(row[NAMES.index(column)] for column in columns) for row in rows)]
    files = {
        "users.csv": b"user_id\na\nb\nc\n",
        "programs.csv": b"program_id,name\nx,\ny,Yoga\n",
        "interactions.csv": "\n".join(lines).encode() + b"\n",
    }
    data = SHIPPED_VALUES["data"]
    interactions = {name: name if name in columns else None for name in NAMES}
    shown = data["columns"] | {"interactions": interactions}
    return Files(files, data | {"columns": shown} | changed, SHIPPED_VALUES["features"], 8 << 20)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    columns=st.sampled_from(
        [
            ["user_id", "program_id", "interaction", "timestamp"],
            ["timestamp", "interaction", "program_id", "user_id"],
            ["user_id", "program_id"],
            ["user_id", "program_id", "timestamp"],
            ["user_id", "split", "program_id", "interaction"],
            NAMES,
        ]
    ),
    duplicates=st.sampled_from(DUPLICATES),
    bad_rows=EITHER,
    unknown_ids=EITHER,
)
def test_rows_are_merged_kept_and_dropped_as_a_plain_reader_does_it(
    rows: list[Row], columns: list[str], duplicates: str, bad_rows: str, unknown_ids: str, tmp_path: Path
) -> None:
    case = written(rows, columns, duplicates=duplicates, bad_rows=bad_rows, unknown_ids=unknown_ids)
    laws.holds_for_files(case, tmp_path)


@pytest.mark.parametrize("duplicates", DUPLICATES)
def test_of_many_rows_the_first_the_last_and_the_latest_are_found(duplicates: str, tmp_path: Path) -> None:
    rng = random.Random(0)
    rows = [
        (rng.choice("abcd"), rng.choice("xyz"), str(rng.randrange(-5, 9)), str(rng.randrange(10**6)), "train")
        for _ in range(1_000)
    ]
    case = written(rows, NAMES, duplicates=duplicates, bad_rows="drop", unknown_ids="drop")
    assert len(plain.read(case.files, case.data, case.features).interactions) == 6
    laws.holds_for_files(case, tmp_path)


def test_sums_without_end_are_found_where_all_values_together_have_one(tmp_path: Path) -> None:
    rows = [("a", "x", "1e308", "", ""), ("b", "x", "-1e308", "", "")] * 2 + [("c", "y", "1", "", "")]
    case = written(rows, ["user_id", "program_id", "interaction"], duplicates="sum", bad_rows="drop")
    assert plain.read(case.files, case.data, case.features).interactions == [("c", "y", 1, None, None)]
    laws.holds_for_files(case, tmp_path)
