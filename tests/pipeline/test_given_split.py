"""A published split is run as it is, and what is shipped does not depend on it."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest
from projects import Project

from recommender.files.arrays import read_arrays, read_coo
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json

EVALUATED = ["split", "search", "backtest", "peers", "learning_curve", "evaluate", "report"]


def put_parts(project: Project, part: Callable[[int], str]) -> dict[str, set[tuple[str, str]]]:
    """Give the raw interactions a column that says in which part each row is; return the pairs of each part."""
    path = project.path("data/raw/interactions.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows = [row | {"part": part(number)} for number, row in enumerate(rows)]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return {
        part: {(row["user_id"], row["program_id"]) for row in rows if row["part"] == part} for part in ("train", "test")
    }


def entries(project: Project, part: str) -> set[tuple[str, str]]:
    ids = IdMap.from_json(read_json(project.path("data/matrix/ids.json")))
    matrix = read_coo(project.path(f"data/split/{part}.npz"))
    return {
        (ids.user_ids[user], ids.program_ids[program]) for user, program in zip(matrix.row, matrix.col, strict=True)
    }


def test_a_published_split_is_run_as_it_is_and_trains_what_is_shipped_no_more(project: Project) -> None:
    given = put_parts(project, lambda row: "test" if row % 7 == 0 and row < 3_000 else "train")
    project.replace("params.yaml", "split: null", "split: part")
    assert sorted(project.repro()) == sorted(["params", "validate", "matrix", "split", "report"])  # not used

    project.replace("params.yaml", "strategy: random", "strategy: given")
    project.replace("params.yaml", "cold_users: false", "cold_users: true")
    assert sorted(project.repro()) == sorted(["params", *EVALUATED])
    assert entries(project, "train") == given["train"]
    assert entries(project, "test") == given["test"]
    said = project.recommender("summary").stdout
    assert f"by {len(given['test']):,} of the {len(given['test']):,} given positives." in said
    assert "are not, since none of their positives is among these." in said

    given = put_parts(project, lambda row: "test" if row % 7 == 1 else "train")
    assert sorted(project.repro()) == sorted(["validate", "matrix", *EVALUATED])
    assert entries(project, "test") == given["test"]


def test_the_training_data_keeps_its_times(project: Project) -> None:
    times = read_arrays(project.path("data/split/train_timestamps.npz"))["timestamps"]
    matrix, train = (read_coo(project.path(f"data/{name}.npz")) for name in ("matrix/interactions", "split/train"))
    everything = read_arrays(project.path("data/matrix/timestamps.npz"))["timestamps"]
    then = dict(zip(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True), everything, strict=True))
    assert times.dtype == np.int64
    assert times.tolist() == [then[pair] for pair in zip(train.row.tolist(), train.col.tolist(), strict=True)]

    assert read_arrays(project.path("data/matrix/given_split.npz")) == {}
    project.replace("params.yaml", "timestamp: timestamp", "timestamp: null")
    assert sorted(project.repro("split")) == sorted(["params", "validate", "matrix", "split"])
    assert read_arrays(project.path("data/split/train_timestamps.npz")) == {}


@pytest.mark.parametrize(
    ("column", "part", "message"),
    [
        ("null", "train", "split.strategy is 'given', and no column of interactions.csv is said to give a split;"),
        ("elsewhere", "train", "interactions.csv has no column 'elsewhere'; it has user_id, program_id"),
        ("part", "valid", "interactions.csv line 7: part 'valid' is neither train nor test"),
        ("part", "train", "split.strategy 'given' leaves nothing to test: no positive in test is of a user"),
        ("part", "test", "split.strategy 'given' leaves nothing to train on: no positive is in train;"),
    ],
)
def test_a_split_that_cannot_be_run_is_one_line(column: str, part: str, message: str, project: Project) -> None:
    put_parts(project, lambda row: "train" if part == "valid" and row != 5 else part)
    project.replace("params.yaml", "split: null", f"split: {column}")
    project.replace("params.yaml", "strategy: random", "strategy: given")
    done = project.dvc("repro", "split", check=False)
    assert done.returncode != 0
    assert sum(line.startswith(message) for line in done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
