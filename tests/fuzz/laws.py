"""What must hold of any input: it is read as a plain reader reads it, or refused in a few lines that say where."""

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from fuzz import plain
from fuzz.files import Files, Import
from fuzz.params import SHIPPED_BYTES, SHIPPED_VALUES

from recommender.cleaning import csv_file, utf8
from recommender.cleaning.validate_files import CleanData, validate_files
from recommender.errors import RecommenderError
from recommender.importing.data_settings import write_changes
from recommender.importing.plan import Plan
from recommender.importing.request import GivenFile, ImportRequest
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml

LONGEST_LINE, MOST_LINES = 1000, 12


def holds_for_files(case: Files, folder: Path) -> None:
    """Hold the reader of the three files to the plain one."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    data = DataSettings.parse(case.data, "data")
    features = FeatureSettings.parse(case.features, "features")
    with pytest.MonkeyPatch.context() as patch:
        # What is told apart at the ends of blocks must be told apart in small files.
        patch.setattr(csv_file, "BLOCKS", (case.block, csv_file.BLOCKS[1]))
        patch.setattr(utf8, "AT_ONCE", max(case.block, 5))
        try:
            clean = validate_files(*(folder / name for name in case.files), settings=data, features=features)
        except RecommenderError as error:
            said = str(error)
        else:
            said = ""
    expected = refused = None
    try:
        expected = plain.read(case.files, case.data, case.features)
    except plain.RefusedError as error:
        refused = error
    if expected:
        assert not said, said
        is_same(clean, expected)
    if refused:
        assert said, f"accepted, and a mistake of {refused.file}, line {refused.line}"
        is_bounded(said)
        assert said.startswith(refused.file), f"{refused.file}, and not {said}"
        assert refused.line is None or re.search(rf"line {refused.line}\b", said), f"{refused.line}: {said}"


def holds_for_import(case: Import, root: Path) -> None:
    """Hold the import of interactions alone: every id is in the tables derived from them, and its settings are kept."""
    (root / "params.yaml").write_bytes(SHIPPED_BYTES)
    source, scratch = root / "taken.csv", root / "scratch"
    source.write_bytes(case.content)
    scratch.mkdir(exist_ok=True)
    request = ImportRequest(GivenFile(source, *case.written), **case.settings)
    try:
        plan = Plan.make(root, request, scratch)
        report = plan.check().report
    except RecommenderError as error:
        is_bounded(str(error))
        return
    write_changes(root, plan.changes)
    data = read_yaml(root / "params.yaml")["data"]
    for path, value in plan.changes.items():
        assert functools.reduce(lambda where, key: where[key], path, data) == value
    files = {name: path.read_bytes() for name, path in plan.sources.items()}
    header, rows, _ = plain.table("interactions.csv", case.content, data)
    names = data["columns"]["interactions"]
    for table, key in (("users", "user_id"), ("programs", "program_id")):
        derived = [cells for _, (cells,) in plain.table(f"{table}.csv", files[f"{table}.csv"], data)[1]]
        assert derived == list(
            dict.fromkeys(cells[header.index(names[key])] for _, cells in rows if cells[header.index(names[key])])
        )
    expected = plain.read(files, data, SHIPPED_VALUES["features"])
    assert report["interactions"] == len(expected.interactions)
    assert report["dropped_rows"] == len(expected.dropped)


def holds_for_values(values: Any) -> None:
    """Hold the settings to their strictness: what is accepted is what was written, to the letter."""
    try:
        params = Params.parse(values, "params.yaml")
    except RecommenderError as error:
        is_bounded(str(error))
    else:
        assert params.model_dump(exclude_unset=True) == values


def holds_for_params(content: bytes, folder: Path) -> None:
    """Hold the reader of `params.yaml` to settings, or a message."""
    path = folder / "params.yaml"
    path.write_bytes(content)
    try:
        values = read_yaml(path)
    except RecommenderError as error:
        is_bounded(str(error))
    else:
        holds_for_values(values)


def is_bounded(said: str) -> None:
    """Hold a message to a few lines of letters that a terminal can show."""
    lines = said.split("\n")
    assert len(lines) <= MOST_LINES
    assert all(line.isprintable() and len(line) <= LONGEST_LINE for line in lines), said


def is_same(clean: CleanData, expected: plain.Plain) -> None:
    assert list(clean.users.to_pydict().values()) == columns(expected.users)
    assert clean.programs.column(0).to_pylist() == columns(expected.programs)[0]
    assert clean.titles["title"].to_pylist() == expected.titles
    found = clean.interactions.to_pydict()
    users, programs, values, times, parts = (list(column) for column in zip(*expected.interactions, strict=True))
    assert (found["user_id"], found["program_id"]) == (users, programs)
    assert found["interaction"] == pytest.approx(values, rel=1e-12, abs=1e-12 * max(abs(value) for value in values))
    assert found.get("timestamp", [None] * len(times)) == times
    assert found.get("split", [None] * len(parts)) == parts
    dropped = [(row["file"], row["line"], row["column"], row["value"]) for row in clean.dropped.to_pylist()]
    assert dropped == expected.dropped
    assert clean.report["merged_rows"] == expected.merged
    assert clean.report["dropped_rows"] == len(expected.dropped)
    assert (clean.report["users"], clean.report["programs"]) == (len(expected.users), len(expected.programs))


def columns(rows: list[dict[str, str]]) -> list[list[str]]:
    return [list(column) for column in zip(*(row.values() for row in rows), strict=True)]
