"""What is wrong with the files is said by file, line, column and value; what is unusual and right is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recommender.cleaning.validate_files import CleanData, validate_files
from recommender.errors import RecommenderError
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params_file import read_yaml

PARAMS = read_yaml(Path(__file__).parents[2] / "params.yaml")
USERS = "user_id,name\na,Ann\nb,Bob\n"
PROGRAMS = "program_id,name\nx,Xylophone\ny,Yoga\n"
HEADER = "user_id,program_id,interaction,timestamp\n"
MEND = "; mend the file, or set data.bad_rows to drop"

Read = Callable[..., CleanData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write three files and read them as the pipeline does; None: the file is not there."""

    def read(
        interactions: str | bytes | None = HEADER + "a,x,1,100\n",
        users: str | bytes | None = USERS,
        programs: str | bytes | None = PROGRAMS,
        features: dict[str, Any] | None = None,
        **settings: Any,
    ) -> CleanData:
        files = {"users": users, "programs": programs, "interactions": interactions}
        for name, content in files.items():
            if content is not None:
                data = content if isinstance(content, bytes) else content.encode()
                (tmp_path / f"{name}.csv").write_bytes(data)
        return validate_files(
            *(tmp_path / f"{name}.csv" for name in files),
            settings=DataSettings.parse(PARAMS["data"] | settings, "data"),
            features=FeatureSettings.parse(PARAMS["features"] | (features or {}), "features"),
        )

    return read


def pairs(clean: CleanData) -> list[tuple[str, str, float]]:
    rows = clean.interactions.to_pylist()
    return [(row["user_id"], row["program_id"], row["interaction"]) for row in rows]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"users": None}, "users.csv is missing; put it at"),
        ({"programs": ""}, "programs.csv is empty; its first line must name the columns"),
        ({"interactions": HEADER}, "interactions.csv has a header and no rows; there is nothing to learn from"),
        ({"users": "user_id\n"}, "users.csv has a header and no rows; it must name at least one id"),
        (
            {"interactions": "user,program_id,interaction\na,x,1\n"},
            (
                "interactions.csv has no column 'user_id'; it has user, program_id, interaction. "
                "Say which one it is by `--map` of `recommender import`, or under data.columns in params.yaml"
            ),
        ),
        (
            {"users": "user_id,name,user_id\na,b,c\n"},
            "users.csv line 1: column 'user_id' is there twice; rename one of them",
        ),
        (
            {"interactions": HEADER.encode() + b"a,x,1,100\na,\xe9,1,100\n"},
            (
                "interactions.csv line 3: byte 0xe9 is not utf-8; set data.encoding to what the file is in, "
                "often latin-1 or cp1252"
            ),
        ),
        ({"interactions": HEADER + "a,x,1\n"}, f"interactions.csv line 2: has 3 cells, and the header has 4{MEND}"),
        ({"interactions": HEADER + "a,x,1,2,3\n"}, f"interactions.csv line 2: has 5 cells, and the header has 4{MEND}"),
        (
            {"interactions": HEADER + 'a,x,1,100\nb,"y,1,100\n'},
            "interactions.csv line 3: a quote in the record that begins here is never closed; close it",
        ),
        ({"users": 'user_id,name\na,Ann\n"",Bob\n'}, f"users.csv line 3: user_id '' is empty{MEND}"),
        ({"users": USERS + "a,Again\n"}, f"users.csv line 4: user_id 'a' is there already, in a row above{MEND}"),
        (
            {"programs": PROGRAMS + "y,Again\n"},
            f"programs.csv line 4: program_id 'y' is there already, in a row above{MEND}",
        ),
        ({"interactions": HEADER + ",x,1,100\n"}, f"interactions.csv line 2: user_id '' is empty{MEND}"),
        (
            {"interactions": HEADER + "a,x,1,100\nc,x,1,100\n"},
            "interactions.csv line 3: user_id 'c' is not in users.csv; mend the file, or set data.unknown_ids to drop",
        ),
        (
            {"interactions": HEADER + "a,z,1,100\n"},
            (
                "interactions.csv line 2: program_id 'z' is not in programs.csv; mend the file, "
                "or set data.unknown_ids to drop"
            ),
        ),
        *(
            (
                {"interactions": HEADER + f"a,x,{value},100\n"},
                f"interactions.csv line 2: interaction {value!r} is not a finite number{MEND}",
            )
            for value in ("many", "", "nan", "inf", "-Infinity", "1.5x", "0x10")
        ),
        (
            {"interactions": HEADER + "a,x,1,\n"},
            f"interactions.csv line 2: timestamp '' is empty{MEND}",
        ),
        (
            {"interactions": HEADER + "a,x,1,100\na,y,1,2024-01-01\n"},
            (
                "interactions.csv line 3: timestamp '2024-01-01' is not a time in seconds, as the first row is or "
                f"data.timestamp_format says{MEND}"
            ),
        ),
        (
            {"interactions": HEADER + "a,x,1,1700000000000\na,y,1,1700000000\n"},
            (
                "interactions.csv line 3: timestamp '1700000000' is not a time in milliseconds, as the first row is or "
                f"data.timestamp_format says{MEND}"
            ),
        ),
        (
            {"interactions": HEADER + "a,x,1,yesterday\n"},
            (
                "interactions.csv line 2: timestamp 'yesterday' is not a time in iso8601, as the first row is or "
                f"data.timestamp_format says{MEND}"
            ),
        ),
        (
            {"interactions": HEADER + "a,x,1,100\na,x,1,200\n", "duplicates": "error"},
            (
                "interactions.csv line 3: program_id 'x' is there already for this user "
                f"(data.duplicates says what that means){MEND}"
            ),
        ),
        (
            {"interactions": HEADER + "a,x,0,100\nb,x,-3,100\n"},
            "interactions.csv has no positive: no interaction is at least 1; lower data.positive_threshold",
        ),
    ],
)
def test_what_is_wrong_is_one_line(files: dict[str, Any], message: str, read: Read) -> None:
    with pytest.raises(RecommenderError) as error:
        read(**files)
    said = str(error.value)
    assert said.startswith(message)
    assert len(said.splitlines()) == 1


def test_of_many_bad_rows_the_count_and_the_first_ten_are_shown(read: Read) -> None:
    with pytest.raises(RecommenderError) as error:
        read(HEADER + "a,x,1,100\n" + "b,x,one,100\n" * 117)
    first, *shown, last = str(error.value).splitlines()
    assert first == "interactions.csv: 117 rows cannot be used; the first 10:"
    assert shown == [f"  line {line}: interaction 'one' is not a finite number" for line in range(3, 13)]
    assert last == "mend the file, or set data.bad_rows to drop"


def test_lines_are_those_of_the_file_after_quoted_newlines_and_blank_lines(read: Read) -> None:
    with pytest.raises(RecommenderError, match=r"users\.csv line 7: user_id 'a' is there already"):
        read(users='user_id,name\n\na,"Ann\nand\nsons"\n\na,Again\n')


def test_what_is_dropped_is_written_with_its_reason_and_nothing_vanishes(read: Read) -> None:
    interactions = HEADER + "a,x,1,100\n,y,1,100\na,z,1,100\nb,y\nb,x,much,100\nb,y,1,100\n"
    clean = read(interactions, users=USERS + "a,Again\n", bad_rows="drop", unknown_ids="drop")
    assert pairs(clean) == [("a", "x", 1), ("b", "y", 1)]
    found = [tuple(row.values()) for row in clean.dropped.to_pylist()]
    assert found == [
        ("users.csv", 4, "user_id", "a", "is there already, in a row above"),
        ("interactions.csv", 3, "user_id", "", "is empty"),
        ("interactions.csv", 4, "program_id", "z", "is not in programs.csv"),
        ("interactions.csv", 5, "", "", "has 2 cells, and the header has 4"),
        ("interactions.csv", 6, "interaction", "much", "is not a finite number"),
    ]
    assert clean.report["interactions"] + clean.report["dropped_rows"] == 6 + 1


def test_unknown_ids_may_be_dropped_while_other_mistakes_stay_mistakes(read: Read) -> None:
    assert pairs(read(HEADER + "a,x,1,1\nc,x,1,1\n", unknown_ids="drop")) == [("a", "x", 1)]
    with pytest.raises(RecommenderError, match=r"line 3: user_id '' is empty"):
        read(HEADER + "a,x,1,1\n,x,1,1\n", unknown_ids="drop")


@pytest.mark.parametrize("ids", [["007", "7"], ["1e5", "100000"], ["nan", "NULL"], ["None", "NA"], ["true", "-0"]])
def test_ids_are_text_and_stay_text(ids: list[str], read: Read) -> None:
    users = "user_id\n" + "".join(f"{id_}\n" for id_ in ids)
    clean = read(HEADER + "".join(f"{id_},x,1,1\n" for id_ in ids), users=users)
    assert [user_id for user_id, _, _ in pairs(clean)] == ids
    assert clean.users["user_id"].to_pylist() == ids


@pytest.mark.parametrize(
    ("interactions", "settings"),
    [
        (b"\xef\xbb\xbf" + (HEADER + "a,x,1,100\n").encode(), {}),
        ((HEADER + "a,x,1,100\n").replace("\n", "\r\n"), {}),
        ((HEADER + "a,x,1,100\n").replace(",", ";"), {"delimiter": ";"}),
        (HEADER + '"a","x",1,100', {}),
        ("timestamp,interaction,more,program_id,user_id\n100,1.0,things,x,a\n", {}),
    ],
    ids=["BOM", "CRLF", "semicolons", "quotes, no last newline", "other order, more columns"],
)
def test_the_dialects_of_real_exports_are_read(interactions: str | bytes, settings: dict[str, Any], read: Read) -> None:
    tables = {
        name: text.replace(",", settings.get("delimiter", ","))
        for name, text in [("users", USERS), ("programs", PROGRAMS)]
    }
    clean = read(interactions, **tables, **settings)
    assert pairs(clean) == [("a", "x", 1)]
    assert clean.interactions["timestamp"].to_pylist() == [100_000]


def test_latin_1_and_quoted_newlines_and_commas_in_names_are_read(read: Read) -> None:
    programs = 'program_id,name\nx,"Café, bar\nand more"\ny,\n'.encode("latin-1")
    clean = read(programs=programs, encoding="latin-1")
    assert clean.titles.to_pylist() == [
        {"program_id": "x", "title": "Café, bar\nand more"},
        {"program_id": "y", "title": "y"},
    ]


@pytest.mark.parametrize(
    ("times", "milliseconds"),
    [
        (["1700000000", "1700000001"], [1_700_000_000_000, 1_700_000_001_000]),
        (["1700000000123", "1700000001000"], [1_700_000_000_123, 1_700_000_001_000]),
        (
            ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05+02:00", "2024-01-02", "2024-01-02T03:04:05.678"],
            [1_704_164_645_000, 1_704_157_445_000, 1_704_153_600_000, 1_704_164_645_678],
        ),
    ],
    ids=["seconds", "milliseconds", "ISO 8601"],
)  # fmt: skip
def test_times_in_each_format_are_milliseconds_in_utc(times: list[str], milliseconds: list[int], read: Read) -> None:
    users = "user_id\n" + "".join(f"{n}\n" for n in range(len(times)))
    clean = read(HEADER + "".join(f"{n},x,1,{time}\n" for n, time in enumerate(times)), users=users)
    assert clean.interactions["timestamp"].to_pylist() == milliseconds


def test_a_file_without_times_or_interactions_has_none_and_counts_each_row(read: Read) -> None:
    columns = PARAMS["data"]["columns"] | {
        "interactions": PARAMS["data"]["columns"]["interactions"] | {"interaction": None}
    }
    clean = read("user_id,program_id\na,x\n", columns=columns)
    assert pairs(clean) == [("a", "x", 1)]
    assert "timestamp" not in clean.interactions.column_names
    assert "from" not in clean.report


@pytest.mark.parametrize(
    ("duplicates", "kept"),
    [
        ("first", [("a", "x", 2, 300), ("b", "x", 1, 100)]),
        ("last", [("b", "x", 1, 100), ("a", "x", 5, 100)]),
        ("max", [("a", "x", 7, 300), ("b", "x", 1, 100)]),
        ("sum", [("a", "x", 14, 300), ("b", "x", 1, 100)]),
    ],
)
def test_duplicates_mean_what_the_setting_says(duplicates: str, kept: list[tuple[Any, ...]], read: Read) -> None:
    rows = "a,x,2,300\nb,x,1,100\na,x,7,200\na,x,5,100\n"
    clean = read(HEADER + rows, duplicates=duplicates)
    found = [
        (r["user_id"], r["program_id"], r["interaction"], r["timestamp"] // 1000)
        for r in clean.interactions.to_pylist()
    ]
    assert found == kept
    assert clean.report["merged_rows"] == 2


SPLIT = {
    "columns": PARAMS["data"]["columns"]
    | {"interactions": PARAMS["data"]["columns"]["interactions"] | {"split": "part"}}
}
PARTS = "user_id,program_id,interaction,part\n"


def test_a_split_is_read_from_the_column_that_is_named_for_it_and_from_no_other(read: Read) -> None:
    rows = PARTS + "a,x,1,train\na,y,1, test \nb,y,1,test\n"
    assert read(rows, **SPLIT).interactions["split"].to_pylist() == ["train", "test", "test"]
    assert read(rows.replace("part", "split", 1)).interactions.column_names == ["user_id", "program_id", "interaction"]


@pytest.mark.parametrize("part", ["valid", "", "Test", "0", "tes t"])
def test_what_is_neither_train_nor_test_is_one_line_or_dropped(part: str, read: Read) -> None:
    rows = PARTS + f"a,x,1,train\nb,y,1,{part}\n"
    with pytest.raises(RecommenderError) as error:
        read(rows, **SPLIT)
    assert str(error.value) == f"interactions.csv line 3: part '{part}' is neither train nor test{MEND}"
    clean = read(rows, bad_rows="drop", **SPLIT)
    assert pairs(clean) == [("a", "x", 1)]
    assert clean.dropped["line"].to_pylist() == [3]


def test_a_column_of_a_split_that_is_not_there_is_one_line(read: Read) -> None:
    with pytest.raises(RecommenderError) as error:
        read(**SPLIT)
    assert str(error.value).startswith(
        "interactions.csv has no column 'part'; it has user_id, program_id, interaction, timestamp. Say which one it is"
    )
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("duplicates", "kept"), [("first", ["test", "train", "train"]), ("last", ["train", "train", "train"])]
)
def test_the_row_that_is_kept_says_in_which_part_it_is(duplicates: str, kept: list[str], read: Read) -> None:
    rows = PARTS + "a,x,1,test\na,y,1,train\nb,y,1,train\na,x,1,train\n"
    assert sorted(read(rows, duplicates=duplicates, **SPLIT).interactions["split"].to_pylist()) == kept


@pytest.mark.parametrize("duplicates", ["max", "sum"])
def test_rows_that_would_be_merged_over_both_parts_are_a_mistake_or_dropped(duplicates: str, read: Read) -> None:
    rows = PARTS + "a,x,1,test\na,y,1,test\na,x,many,test\na,y,1,test\na,x,1,train\n"
    with pytest.raises(RecommenderError, match=r"interactions\.csv: 3 rows cannot be used") as error:
        read(rows, duplicates=duplicates, **SPLIT)
    said = "is not what another row of this user and program says (data.duplicates merges these rows)"
    assert f"line 2: part 'test' {said}" in str(error.value)
    assert f"line 6: part 'train' {said}" in str(error.value)
    clean = read(rows, duplicates=duplicates, bad_rows="drop", **SPLIT)
    assert [(row["program_id"], row["split"]) for row in clean.interactions.to_pylist()] == [("y", "test")]


def test_rows_below_the_threshold_are_kept_and_counted(read: Read) -> None:
    clean = read(HEADER + "a,x,0,1\na,y,-2.5,1\nb,x,4.5e0,1\n", positive_threshold=4)
    assert pairs(clean) == [("a", "x", 0), ("a", "y", -2.5), ("b", "x", 4.5)]
    assert (clean.report["interactions"], clean.report["positives"]) == (3, 1)


def test_one_user_and_one_program_are_enough_to_read(read: Read) -> None:
    clean = read(HEADER + "a,x,1,1\n", users="user_id\na\n", programs="program_id\nx\n")
    assert clean.report["density"] == 1


def test_columns_that_nobody_uses_change_nothing(read: Read) -> None:
    first, second = (
        read(),
        read(users=USERS.replace("name", "age"), programs=PROGRAMS.replace("\n", ",z\n").replace("name,z", "name,q")),
    )
    for table in ("users", "programs", "titles", "interactions"):
        assert getattr(first, table).equals(getattr(second, table))


IMPOSSIBLE = "is no moment of the years 1 to 9999: there is no such day, hour or offset"


@pytest.mark.parametrize(
    ("good", "time"),
    [
        *(
            ("2021-01-01", time)
            for time in (
                "2021-02-30",
                "2021-02-29",
                "1900-02-29",
                "2021-00-01",
                "2021-13-01",
                "2021-01-00",
                "2021-04-31",
                "2021-02-03T24:00:00",
                "2021-02-03T23:60",
                "2021-02-03T23:59:60",
                "2021-02-03T04:05:06+99:99",
                "2021-02-03T04:05:06-24:00",
                "2021-02-03T04:05:06+2360",
                "0000-12-31",
                "0001-01-01T00:00+00:01",
                "9999-12-31T23:59:59.999-00:01",
            )
        ),
        ("100", "-62135596801"),
        ("200000000000", "253402300800000"),
        ("200000000000", "-62135596800001"),
        ("200000000000", "9" * 40),
    ],
)
def test_a_time_that_looks_right_and_is_none_is_one_line_or_dropped(good: str, time: str, read: Read) -> None:
    rows = HEADER + f"a,x,1,{good}\nb,y,1,{time}\n"
    with pytest.raises(RecommenderError) as error:
        read(rows)
    assert str(error.value) == f"interactions.csv line 3: timestamp '{time}' {IMPOSSIBLE}{MEND}"
    clean = read(rows, bad_rows="drop")
    assert pairs(clean) == [("a", "x", 1)]
    found = {"file": "interactions.csv", "line": 3, "column": "timestamp", "value": time, "reason": IMPOSSIBLE}
    assert clean.dropped.to_pylist() == [found]


@pytest.mark.parametrize(
    ("times", "first", "last"),
    [
        (["0001-01-01", "9999-12-31T23:59:59.999Z"], "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        (["-62135596800000", "253402300799999"], "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        (["-62135596800", "+99999999999"], "0001-01-01T00:00:00Z", "5138-11-16T09:46:39Z"),
        (["2024-02-29T23:59:59.9999+00:00", "2000-02-29"], "2000-02-29T00:00:00Z", "2024-02-29T23:59:59Z"),
        (["-1500000000000", "-1500000000001"], "1922-06-20T21:19:59Z", "1922-06-20T21:20:00Z"),
    ],
)
def test_the_years_1_to_9999_are_read_and_reported(times: list[str], first: str, last: str, read: Read) -> None:
    clean = read(HEADER + f"a,x,1,{times[0]}\nb,y,1,{times[1]}\n")
    assert (clean.report["from"], clean.report["to"]) == (first, last)


def test_whole_numbers_are_milliseconds_from_ten_to_the_eleventh_on(read: Read) -> None:
    for sign in (1, -1):
        (seconds,) = read(HEADER + f"a,x,1,{sign * 12345}\n").interactions["timestamp"].to_pylist()
        assert seconds == sign * 12_345_000
    (seconds,) = read(HEADER + "a,x,1,99999999999\n").interactions["timestamp"].to_pylist()
    assert seconds == 99_999_999_999_000
    for text in ("100000000000", "-100000000000"):
        (milliseconds,) = read(HEADER + f"a,x,1,{text}\n").interactions["timestamp"].to_pylist()
        assert milliseconds == int(text)


def test_times_are_held_to_the_first_that_is_one(read: Read) -> None:
    rows = HEADER + "a,x,1,yesterday\na,y,1,100\nb,x,1,2024-01-01\nb,y,1,200\n"
    assert read(rows, bad_rows="drop").interactions["timestamp"].to_pylist() == [100_000, 200_000]


@pytest.mark.parametrize("duplicates", ["max", "sum"])
def test_merged_rows_have_the_latest_time_wherever_it_stands(duplicates: str, read: Read) -> None:
    clean = read(HEADER + "a,x,2,200\na,x,7,300\na,x,5,100\n", duplicates=duplicates)
    assert clean.interactions["timestamp"].to_pylist() == [300_000]


def test_medians_are_of_users_and_programs_that_have_positives(read: Read) -> None:
    users = "user_id\n" + "".join(f"{n}\n" for n in range(9))
    clean = read(HEADER + "7,y,1,1\n8,y,1,1\n8,x,1,1\n0,x,0,1\n", users=users)
    assert clean.report["median_positives_of_a_user"] == 1.5
    assert clean.report["median_positives_of_a_program"] == 1.5
    alone = read(HEADER + "8,y,1,1\n", users=users)
    assert (alone.report["median_positives_of_a_user"], alone.report["median_positives_of_a_program"]) == (1, 1)


def test_a_sum_without_end_is_one_line_or_dropped(read: Read) -> None:
    rows = HEADER + "a,x,1e308,1\na,y,1e308,1\na,x,1e308,1\nb,x,-1e308,1\n"
    with pytest.raises(RecommenderError) as error:
        read(rows, duplicates="sum")
    assert "interactions.csv: 2 rows cannot be used:\n  line 2: interaction '1e308' and the other rows" in str(
        error.value
    )
    clean = read(rows, duplicates="sum", bad_rows="drop")
    assert pairs(clean) == [("a", "y", 1e308), ("b", "x", -1e308)]
    assert [row["line"] for row in clean.dropped.to_pylist()] == [2, 4]


def test_where_every_row_is_dropped_it_says_how_to_see_why(read: Read) -> None:
    with pytest.raises(
        RecommenderError, match=r"^interactions\.csv has no row that can be used, of 2; set data\.bad_rows"
    ):
        read(HEADER + "a,x,much,1\nc,x,1,1\n", bad_rows="drop", unknown_ids="drop")


@pytest.mark.parametrize(
    ("users", "settings", "message"),
    [
        (b"user_id\na\nb\0\n", {}, "users.csv line 3: there is a NUL character, as in no text"),
        ("user_id\na\n".encode("utf-16-le"), {}, "users.csv line 1: there is a NUL character"),
        (
            "user_id\na\n".encode("utf-16-le"),
            {"encoding": "utf-16"},
            "users.csv line 1: this is not utf-16 (UTF-16 stream",
        ),
        (b"user_id\r\na\r\xff\n", {}, "users.csv line 3: byte 0xff is not utf-8"),
        (b"user_id\na\xc3", {}, "users.csv line 2: byte 0xc3 is not utf-8"),
        (b"user_id,more\na,\xff\n", {}, "users.csv line 2: byte 0xff is not utf-8"),
        (
            b'user_id,more\n"a"b,c\nb,"\n',
            {},
            "users.csv line 3: a quote in the record that begins here is never closed",
        ),
        (b"user_id\na\n" + b'"' + b"b\n" * 100_000, {}, "users.csv line 3: a quote in the record that begins here"),
    ],
)
def test_what_is_no_text_or_has_no_end_is_one_line(
    users: bytes, settings: dict[str, Any], message: str, read: Read
) -> None:
    with pytest.raises(RecommenderError) as error:
        read(users=users, **settings)
    assert str(error.value).startswith(message)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037", "shift_jis", "hz", "utf-8-sig"])
def test_any_encoding_of_files_is_read(encoding: str, read: Read) -> None:
    files = {
        "users": 'user_id,name\n"a\rb",q\n',
        "programs": "program_id\nx\n",
        "interactions": 'user_id,program_id\n"a\rb",x\n',
    }
    columns = PARAMS["data"]["columns"]
    columns = columns | {"interactions": columns["interactions"] | {"interaction": None}}
    clean = read(**{name: text.encode(encoding) for name, text in files.items()}, encoding=encoding, columns=columns)
    assert pairs(clean) == [("a\rb", "x", 1)]


def test_a_record_or_a_header_longer_than_a_block_is_read(read: Read) -> None:
    long = "n" * (9 << 20)
    clean = read(users=f"user_id,{long}\na,1\nb,2\n", programs=f'program_id,name\nx,"{long}"\ny,\n')
    assert clean.users["user_id"].to_pylist() == ["a", "b"]
    assert clean.titles["title"].to_pylist() == [long, "y"]


def test_a_header_beyond_the_bound_is_refused_with_its_line(read: Read) -> None:
    with pytest.raises(RecommenderError, match=r"^users\.csv line 2: the record that begins here has more than 64 MiB"):
        read(users="\n" + "n" * (64 << 20) + "o")


def test_a_describing_column_called_like_the_id_is_not_taken_for_it(read: Read) -> None:
    columns = PARAMS["data"]["columns"] | {"users": {"user_id": "key"}}
    with pytest.raises(RecommenderError, match=r"^features\.users names the column user_id, and .* in 'key'"):
        read(users="key,user_id\na,1\n", columns=columns, features={"users": ["user_id"]})


def test_a_message_shows_the_beginning_of_a_long_value_without_control_characters(read: Read) -> None:
    with pytest.raises(RecommenderError) as error:
        read(HEADER + 'a,x,"\x1b[31m\u202e' + "9" * 10_000 + '",1\n')
    assert len(str(error.value)) < 250
    assert str(error.value).isprintable()
