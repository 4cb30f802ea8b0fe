"""Files are taken as they are where that can be, and otherwise in one form that the settings read."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from projects import CHECKOUT

from recommender.errors import RecommenderError
from recommender.importing.data_settings import data_settings, write_changes
from recommender.importing.plan import Plan
from recommender.importing.request import GivenFile, ImportRequest

DATA = "196\t242\t3\t881250949\n186\t302\t5\t891717742\n"
ITEMS = "242|Kolya (1996)|24-Jan-1997\n302|Am\xe9lie, la (1997)|01-Jan-1997\n"
RATINGS = "userId;movieId;rating\n196;242;3\n186;302;5\n"
POSITIONS = {"user_id": "1", "program_id": "2", "interaction": "3"}
NAMES = {"user_id": "userId", "program_id": "movieId", "interaction": "rating"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in {"u.data": DATA, "u.item": ITEMS, "ratings.csv": RATINGS}.items():
        (tmp_path / name).write_bytes(content.encode("latin-1"))
    shutil.copy(CHECKOUT / "params.yaml", tmp_path)
    (tmp_path / "scratch").mkdir()
    return tmp_path


@pytest.fixture
def older(root: Path) -> ImportRequest:
    """Files without a header, each with a delimiter of its own."""
    return ImportRequest(
        interactions=GivenFile(root / "u.data", POSITIONS, "latin-1", "\t", has_header=False),
        programs=GivenFile(root / "u.item", {"program_id": "1", "title": "2"}, "latin-1", "|", has_header=False),
    )


def planned(root: Path, request: ImportRequest) -> Plan:
    plan = Plan.make(root, request, root / "scratch")
    plan.check()
    write_changes(root, plan.changes)
    return plan


def test_files_without_a_header_lose_no_row_and_get_one(root: Path, older: ImportRequest) -> None:
    plan = planned(root, older)
    assert plan.sources["interactions.csv"].read_text() == (
        '"user_id","program_id","interaction","column_4"\n"196","242","3","881250949"\n"186","302","5","891717742"\n'
    )
    assert plan.sources["programs.csv"].read_text(encoding="utf-8") == (
        '"program_id","title","column_3"\n"242","Kolya (1996)","24-Jan-1997"\n"302","Amélie, la (1997)","01-Jan-1997"\n'
    )
    assert plan.sources["users.csv"].read_text() == '"user_id"\n"196"\n"186"\n'
    assert plan.written_anew == plan.without_header == ("u.item", "u.data")


def test_after_files_without_a_header_a_usual_file_is_imported_without_a_word(root: Path, older: ImportRequest) -> None:
    planned(root, older)
    usual = root / "interactions.csv"
    usual.write_text("user_id,program_id,interaction,timestamp\n1,2,1,100\n")
    plan = planned(root, ImportRequest(GivenFile(usual)))
    assert plan.sources["interactions.csv"] == usual
    assert data_settings(root, {}).columns.interactions.timestamp == "timestamp"


def test_files_that_are_all_written_alike_are_taken_as_they_are(root: Path) -> None:
    plan = planned(root, ImportRequest(GivenFile(root / "ratings.csv", NAMES, delimiter=";")))
    assert plan.sources["interactions.csv"] == root / "ratings.csv"
    assert plan.written_anew == ()
    assert data_settings(root, {}).delimiter == ";"


def test_of_files_written_otherwise_only_those_that_need_it_are_written_anew(root: Path) -> None:
    users = root / "users.csv"
    users.write_text("user_id,name\n196,Ann\n186,Bob\n")
    plan = planned(root, ImportRequest(GivenFile(root / "ratings.csv", NAMES, delimiter=";"), GivenFile(users)))
    assert plan.sources["users.csv"] == users
    assert plan.written_anew == ("ratings.csv",)
    assert data_settings(root, {}).delimiter == ","


def test_settings_that_are_so_already_stay_as_they_are_written(root: Path) -> None:
    before = (root / "params.yaml").read_text()
    usual = root / "interactions.csv"
    usual.write_text("user_id,program_id,interaction,timestamp\n1,2,1,100\n")
    planned(root, ImportRequest(GivenFile(usual, {"user_id": "user_id"}, "utf-8", ","), positive_threshold=1.0))
    assert (root / "params.yaml").read_text() == before


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"user_id": "0"}, "--map interactions.user_id=0: u.data has no header, so its columns go by position, from 1"),
        ({"user_id": "99"}, "from 1 to 4; its first row is 196, 242, 3, 881250949"),
        ({"user_id": "²"}, "--map interactions.user_id=²: u.data has no header"),
        ({"user_id": "userId"}, "--map interactions.user_id=userId: u.data has no header"),
        ({"user_id": "2"}, "--map interactions.program_id=2: that column of u.data is its user_id"),
        ({"user_id": None}, "say which column is its user_id by --map interactions.user_id=POSITION, from 1 to 4"),
    ],
)
def test_a_wrong_position_is_one_line(
    columns: dict[str, str | None], message: str, root: Path, older: ImportRequest
) -> None:
    given = replace(older.interactions, columns=POSITIONS | columns)
    with pytest.raises(RecommenderError) as error:
        planned(root, replace(older, interactions=given))
    assert message in str(error.value)
    assert str(error.value).isprintable()


def test_whether_there_is_an_interaction_must_be_said(root: Path, older: ImportRequest) -> None:
    ids = {name: POSITIONS[name] for name in ("user_id", "program_id")}
    with pytest.raises(RecommenderError, match="or --map interaction= if there is none"):
        planned(root, replace(older, interactions=replace(older.interactions, columns=ids)))
    planned(root, replace(older, interactions=replace(older.interactions, columns=ids | {"interaction": None})))
    assert data_settings(root, {}).columns.interactions.interaction is None


def test_a_split_is_mapped_by_name_and_stays_mapped_until_it_is_said_that_there_is_none(root: Path) -> None:
    published = root / "published.csv"
    published.write_text("userId;movieId;rating;part\n196;242;3;train\n186;302;5;test\n")
    plan = planned(root, ImportRequest(GivenFile(published, NAMES | {"split": "part"}, delimiter=";")))
    assert plan.check().interactions["split"].to_pylist() == ["train", "test"]
    assert data_settings(root, {}).columns.interactions.split == "part"
    other = GivenFile(root / "ratings.csv", NAMES, delimiter=";")
    with pytest.raises(RecommenderError, match=r"ratings\.csv has no column 'part'; .* Say which one it is by `--map`"):
        planned(root, ImportRequest(other))
    planned(root, ImportRequest(replace(other, columns=NAMES | {"split": None})))
    assert data_settings(root, {}).columns.interactions.split is None


def test_without_a_header_there_is_a_split_only_where_its_position_is_given(root: Path, older: ImportRequest) -> None:
    (root / "u.data").write_text(DATA.replace("881250949", "train").replace("891717742", "test"))
    plan = planned(root, replace(older, interactions=replace(older.interactions, columns=POSITIONS | {"split": "4"})))
    assert plan.check().interactions["split"].to_pylist() == ["train", "test"]
    assert data_settings(root, {}).columns.interactions.split == "split"
    assert "split" not in planned(root, older).check().interactions.column_names
    assert data_settings(root, {}).columns.interactions.split is None


def test_a_row_is_not_taken_for_names(root: Path) -> None:
    names = {"user_id": "196", "program_id": "242", "interaction": "3", "timestamp": "881250949"}
    with pytest.raises(RecommenderError, match=r"the first line of u\.data looks like data .* pass --no-header"):
        planned(root, ImportRequest(GivenFile(root / "u.data", names, delimiter="\t")))


def test_a_wrong_delimiter_gets_a_hint_to_delimiter(root: Path, older: ImportRequest) -> None:
    for request in (
        replace(older, interactions=replace(older.interactions, delimiter=",")),
        ImportRequest(GivenFile(root / "u.data")),
    ):
        with pytest.raises(RecommenderError, match=r"u\.data.* delimited by tab\. Say so by `--delimiter tab`"):
            planned(root, request)


def test_a_wrong_row_behind_an_added_header_is_told_with_the_line_and_the_header(
    root: Path, older: ImportRequest
) -> None:
    (root / "u.data").write_text(DATA + "186\t242\tmany\t1\n")
    with pytest.raises(RecommenderError) as error:
        planned(root, older)
    assert "u.data line 4: interaction 'many' is not a finite number" in str(error.value)
    assert str(error.value).endswith("; line 1 of u.item and u.data is the header that an import puts there")
