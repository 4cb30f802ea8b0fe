"""A published table is run again by one command, with what is published beside it; a wrong file is refused."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import CHECKOUT
from published_tables.split import METRICS, RUNS, Split, command, tables

TABLES = sorted((CHECKOUT / "benchmarks/published/tables").glob("*.yaml"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = Split.write(tmp_path_factory.mktemp("split")).run("--trials", "3")
    assert not done.returncode, done.stderr
    return done.stdout


def test_what_the_papers_define_comes_out_as_they_say(printed: str) -> None:
    held, _ = tables(printed)
    assert [row["published"] for row in held] == [[name] for name in RUNS]
    for row in held:
        assert row["the same?"] == ["yes"], row
        published = [cell for metric in METRICS for cell in row[metric]]
        assert row["here"][1:] == published
        assert all(re.fullmatch(r"\+0\.0000", cell) for cell in row["difference"])
    assert "Made up: 60 users, 25 programs;" in printed


def test_the_searched_ones_stand_among_the_published_the_best_first(printed: str) -> None:
    _, ranked = tables(printed)
    names = [row["model"][0] for row in ranked]
    assert sorted(names) == sorted([*RUNS, "**item_knn**", "**ease**", "**rp3beta**"])
    scores = [float(row[METRICS[0]][0].split()[0]) for row in ranked]
    assert scores == sorted(scores, reverse=True)
    for row in ranked:
        if row["model"][0].startswith("**"):
            mean, low, high = map(float, re.findall(r"[\d.]+", row[METRICS[0]][0]))
            assert low < mean < high
    (found,) = [row["from, or settings"][0] for row in ranked if row["model"] == ["**ease**"]]
    assert re.fullmatch(r"l2 [\d.]+", found)


def test_it_says_by_which_protocol_and_from_where(printed: str) -> None:
    assert "\n- Lists of 3.\n" in printed
    assert "\n- Paper: A paper; table 1; read in a file.\n" in printed


def test_pairs_with_tabs_are_read_as_lists_are_and_what_is_not_reached_or_not_run_is_marked(tmp_path: Path) -> None:
    split = Split.write(tmp_path, written="pairs")
    split.table["methods"][0]["figures"][METRICS[1]] -= 0.0012
    split.table["methods"][1]["figures"][METRICS[1]] += 0.0008
    split.table["methods"][2]["figures"][METRICS[2]] += 0.0012
    split.table["methods"][2]["runs"][0]["differs"] = "theirs is another one"
    split.table["methods"][3]["runs"] = []
    split.table["methods"][4]["runs"][0]["skipped"] = "it takes an hour"
    done = split.run("--trials", "0")
    assert not done.returncode, done.stderr
    held, ranked = tables(done.stdout)
    assert {row["published"][0]: row["the same?"][0] for row in held} == {
        "TopPop": "**no**",
        "RP3beta": "yes",
        "RP3beta, cut twice": "no: theirs is another one",
        "EASE": "not run: it takes an hour",
    }
    assert [row["difference"][1] for row in held] == ["+0.0012", "-0.0008", "+0.0000", ""]
    assert {row["model"][0] for row in ranked} == RUNS.keys()


def broken(name: str, change: Callable[[Path], object]) -> Callable[[Split], object]:
    return lambda split: change(split.folder / name)


REFUSED: dict[str, tuple[Callable[[Split], object], str]] = {
    "a missing file": (broken("test.txt", Path.unlink), "has no test.txt; put it there from example.org"),
    "another file": (
        broken("valid.txt", lambda path: path.write_text(path.read_text() + "1 2\n")),
        "valid.txt is not the file that the table is about: its SHA-256 is ",
    ),
    "an unknown algorithm": (
        lambda split: split.table["methods"][0]["runs"][0].update(by="svd"),
        "by must be one of lightfm, history, ease, ials, item_knn, rp3beta, popularity, rp3beta_both_sides",
    ),
    "an unknown setting": (
        lambda split: split.table["methods"][1]["runs"][0]["settings"].update(gamma=1.0),
        "rp3beta.gamma is not a setting; the settings here are alpha, beta, neighbours",
    ),
    "an unknown metric": (
        lambda split: split.table.update(metrics=["f1@20"]),
        "f1@20 is not a metric of a list",
    ),
    "a figure too few": (
        lambda split: split.table["methods"][0]["figures"].pop(METRICS[0]),
        "TopPop must be of one of the sources, with a figure for each metric in order",
    ),
    "another format": (
        lambda split: split.table["data"].update(written="pairs"),
        "train.txt: each line must begin with two numbers, a tab in between",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_one_line(what: str, tmp_path: Path) -> None:
    split = Split.write(tmp_path)
    change, message = REFUSED[what]
    change(split)
    done = split.run("--trials", "0")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line]) == 1


def test_fewer_trials_than_none_are_refused(tmp_path: Path) -> None:
    done = Split.write(tmp_path).run("--trials", "-1")
    assert done.returncode == 1
    assert done.stderr == "search.trials is -1: it must be greater than or equal to 0\n"


def test_an_unknown_table_is_refused_by_the_names_of_those_there_are(tmp_path: Path) -> None:
    done = command("netflix", str(tmp_path))
    assert done.returncode == 1
    names = ", ".join(path.stem for path in TABLES)
    assert done.stderr == f"there is no table netflix; there are {names}, or name a .yaml file\n"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_each_table_that_is_here_can_be_read_and_says_where_its_files_are(table: Any, tmp_path: Path) -> None:
    done = command(table.stem, str(tmp_path))
    assert done.returncode == 1
    assert re.fullmatch(r".* has no train\.txt; put it there from github\.com/\S+, \S+\n", done.stderr)
