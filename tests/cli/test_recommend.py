"""`recommender recommend` and `Recommender.load()` give what the model says, by the ids that the team knows."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from projects import Project

from recommender import Recommender, RecommenderError


def test_the_three_formats_say_the_same(reproduced: Project) -> None:
    table, as_json, as_csv = (
        reproduced.recommender("recommend", "u_0", "u_7", "-k", "3", "--format", name).stdout
        for name in ("table", "json", "csv")
    )
    found = json.loads(as_json)
    assert list(found) == ["u_0", "u_7"]
    assert [row["rank"] for row in found["u_0"]] == [1, 2, 3]
    rows = list(csv.DictReader(as_csv.splitlines()))
    assert [(row["user_id"], row["program_id"], float(row["score"])) for row in rows] == [
        (user_id, row["program_id"], row["score"]) for user_id, rows in found.items() for row in rows
    ]
    for row in rows:
        assert any(row["program_id"] in line and row["title"] in line for line in table.splitlines())


def test_what_the_user_has_is_left_out_unless_asked_for(reproduced: Project) -> None:
    recommender = Recommender.load(repo=reproduced.root)
    rows = csv.DictReader(reproduced.path("data/raw/interactions.csv").read_text().splitlines())
    seen = {row["program_id"] for row in rows if row["user_id"] == "u_3"}
    new = {row.program_id for row in recommender.recommend("u_3", k=50)}
    both = {row.program_id for row in recommender.recommend("u_3", k=50, include_seen=True)}
    assert seen
    assert new == both - seen
    assert len(both) == 50


def test_the_batch_file_holds_what_the_command_says(reproduced: Project) -> None:
    batch = pq.read_table(reproduced.path("data/recommendations/recommendations.parquet")).to_pylist()
    recommender = Recommender.load(repo=reproduced.root)
    for user_id in ("u_0", "u_250", "u_499"):
        expected = [(row.rank, row.program_id) for row in recommender.recommend(user_id)]
        assert [(row["rank"], row["program_id"]) for row in batch if row["user_id"] == user_id] == expected
    assert len({row["user_id"] for row in batch}) == 500


def test_an_unknown_user_is_an_error_or_gets_the_most_popular(reproduced: Project) -> None:
    done = reproduced.recommender("recommend", "nobody", check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "recommender: user 'nobody' is not in the data the model was trained on; --fallback popular "
        "(in Python fallback='popular') gives the most popular programs instead\n"
    )
    shown = reproduced.recommender("recommend", "nobody", "--fallback", "popular", "--format", "json").stdout
    scores = [row["score"] for row in json.loads(shown)["nobody"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 10


@pytest.mark.parametrize("k", ["0", "-1"])
def test_an_impossible_k_is_one_line(k: str, reproduced: Project) -> None:
    done = reproduced.recommender("recommend", "u_0", "-k", k, check=False)
    assert done.returncode == 1
    assert done.stderr == f"recommender: k is {k}; it must be at least 1\n"


def test_a_file_that_is_not_what_dvc_lock_records_is_refused(project: Project) -> None:
    path = project.path("models/factors.npz")
    content = bytearray(path.read_bytes())
    content[-30] ^= 1
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(RecommenderError, match=r"factors\.npz is refused: its MD5 is .* `dvc checkout --force`"):
        Recommender.load(repo=project.root)
    project.dvc("checkout", "--force")
    assert Recommender.load(repo=project.root).recommend("u_0")


def test_before_the_first_run_the_error_says_what_to_do(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    for command in (["recommend", "u_0"], ["summary"]):
        done = project.recommender(*command, check=False)
        assert done.returncode == 1
        assert "`dvc repro` makes it again" in done.stderr
    project.path("dvc.lock").unlink()
    assert "run `make repro`" in project.recommender("recommend", "u_0", check=False).stderr
    outside = subprocess.run(
        [sys.executable, "-m", "recommender", "recommend", "u_0"],
        cwd=tmp_path, env=project.env(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "there is no dvc.yaml in" in outside.stderr


def test_the_summary_shows_data_ranking_artifacts_and_a_user(reproduced: Project) -> None:
    said = reproduced.recommender("summary").stdout
    for expected in ("Data", "500", "popularity", "models/lightfm.pkl", "For user u_0"):
        assert expected in said
    for line in said.splitlines():
        if line.strip().startswith("models/"):
            assert reproduced.path(line.split()[0]).exists()
