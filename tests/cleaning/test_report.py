"""The report on three files has the numbers that one counts by hand; ids may be called anything."""

import json
from pathlib import Path
from typing import Any

import pytest

from recommender.cleaning.validate_files import CleanData, validate_files
from recommender.errors import RecommenderError
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params_file import read_yaml

PARAMS = read_yaml(Path(__file__).parents[2] / "params.yaml")
FILES = {
    "users": "user,age\na,1\nb,2\nc,\nd,3\n",
    "programs": "program,name\nx,Yoga\ny,\nz,Zen\n",
    "interactions": "who,what,much,when\na,x,5,100\na,y,4,300\na,z,4.5,200\nb,x,4,50\nb,y,3.9,400\nb,x,4,60\ne,x,9,1\n",
}
OURS = {
    "users": {"user_id": "user"},
    "programs": {"program_id": "program", "title": "name"},
    "interactions": {"user_id": "who", "program_id": "what", "interaction": "much", "timestamp": "when", "split": None},
}


def read(folder: Path, columns: dict[str, Any] = OURS, **features: list[str]) -> CleanData:
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    changed = {"columns": columns, "positive_threshold": 4, "unknown_ids": "drop"}
    return validate_files(
        *(folder / f"{name}.csv" for name in FILES),
        settings=DataSettings.parse(PARAMS["data"] | changed, "data"),
        features=FeatureSettings.parse(PARAMS["features"] | features, "features"),
    )


def test_the_report_counts_what_one_counts_by_hand(tmp_path: Path) -> None:
    report = read(tmp_path).report
    assert json.loads(json.dumps(report)) == {
        "users": 4,
        "programs": 3,
        "interactions": 5,
        "positives": 4,
        "density": 4 / 12,
        "median_positives_of_a_user": 2.0,
        "median_positives_of_a_program": 1.0,
        "from": "1970-01-01T00:01:00Z",
        "to": "1970-01-01T00:06:40Z",
        "merged_rows": 1,
        "dropped_rows": 1,
    }


def test_describing_columns_and_titles_come_with_their_ids(tmp_path: Path) -> None:
    clean = read(tmp_path, users=["age"], programs=["name", "program"])
    assert clean.users.to_pydict() == {"user_id": ["a", "b", "c", "d"], "age": ["1", "2", "", "3"]}
    assert clean.programs.to_pydict() == {
        "program_id": ["x", "y", "z"],
        "name": ["Yoga", "", "Zen"],
        "program": ["x", "y", "z"],
    }
    assert clean.titles.to_pydict() == {"program_id": ["x", "y", "z"], "title": ["Yoga", "y", "Zen"]}


def test_an_id_may_describe_under_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "users", FILES["users"].replace("user", "user_id"))
    clean = read(tmp_path, OURS | {"users": {"user_id": "user_id"}}, users=["age", "user_id"])
    assert clean.users.to_pydict() == {"user_id": ["a", "b", "c", "d"], "age": ["1", "2", "", "3"]}


@pytest.mark.parametrize("title", [None, "no such column"])
def test_without_a_column_of_titles_the_id_is_shown(title: str | None, tmp_path: Path) -> None:
    clean = read(tmp_path, OURS | {"programs": {"program_id": "program", "title": title}})
    assert clean.titles["title"].to_pylist() == ["x", "y", "z"]
    assert clean.programs.column_names == ["program_id"]


def test_a_describing_column_called_as_another_ids_are_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecommenderError) as error:
        read(tmp_path, programs=["program_id"])
    assert str(error.value) == (
        "features.programs names the column program_id, and data.columns.programs.program_id says that the ids are in "
        "'program'; rename that column program_id, or leave it out of features.programs"
    )


@pytest.mark.parametrize("table", ["users", "programs"])
def test_a_table_without_rows_is_said(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, table, FILES[table].partition("\n")[0] + "\n")
    with pytest.raises(
        RecommenderError, match=rf"^{table}\.csv has a header and no rows; it must name at least one id"
    ):
        read(tmp_path)
