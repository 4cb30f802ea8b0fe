"""What README and docs show is what happens: their commands are run in order, and print what the pages say."""

import os
import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from docs.stories import COMMANDS, agrees, fenced, plain, run, steps
from projects import CHECKOUT, Project
from warm import commands

STORIES = [
    ["README.md", "docs/report.md", "docs/releases.md"],
    ["docs/dvc.md"],
    ["docs/search.md"],
    ["docs/training.md", "docs/evaluation.md", "docs/data.md"],
]
"""Each list is one story: a page goes on where the page before it ends."""

ELSEWHERE = {"docs/storage.md": "tests/remote"}
"""Pages whose commands are held by other tests."""


def as_movielens(project: Project, name: str, called: str, header: str = "", delimiter: str = ",") -> None:
    """Write a table of the sample beside the checkout as MovieLens would have it."""
    _, rows = project.path(f"data/raw/{name}.csv").read_text(encoding="utf-8").split("\n", 1)
    text = header + rows.replace(",1,", ",4.5,").replace(",", delimiter)
    project.path(f"../movielens/{called}").write_text(text, encoding="utf-8")


@pytest.fixture
def reader(project: Project) -> Project:
    """A reader's own clone: its environment is made, it came from somewhere, and exports lie beside it."""
    environment = project.path(".venv")
    (environment / "bin").mkdir(parents=True)
    for path in Path(sys.prefix, "bin").iterdir():
        warm = Path(commands(), path.name)
        (environment / "bin" / path.name).symlink_to(warm if warm.exists() else path)
    for name in ("lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix) / name)
    (environment / ".complete").touch()
    project.run("git", "clone", "--quiet", "--bare", ".", "../recommender.git")
    project.git("remote", "add", "origin", "../recommender.git")
    project.path("../movielens").mkdir()
    as_movielens(project, "interactions", "ratings.csv", "userId,movieId,rating,timestamp\n")
    as_movielens(project, "interactions", "u.data", delimiter="\t")
    as_movielens(project, "programs", "movies.csv", "movieId,title,studio,genres\n")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0])
def test_the_commands_of_a_page_print_what_it_shows(story: list[str], reader: Project) -> None:
    stands_for = {
        "https://git.example.org/team/recommender.git": f"file://{reader.root.parent}/recommender.git",
        "/home/me/recommender": str(reader.root),
    }
    told = [step for page in story for step in steps(CHECKOUT / page)]
    for written, real in stands_for.items():
        told = [replace(step, command=step.command.replace(written, real)) for step in told]
    environment = reader.env({"COLUMNS": "120", "PATH": f"{commands()}{os.pathsep}{os.environ['PATH']}"})
    for step, printed in run(told, reader.root, environment):
        for written, real in stands_for.items():
            printed = printed.replace(real, written)
        if step.shown and not agrees(step.shown, printed):
            pytest.fail(f"{step.place}\n--- prints\n{printed}\n--- and the page shows\n{step.shown}", pytrace=False)


def test_no_page_with_commands_is_left_out() -> None:
    pages = [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")]
    told = {page for story in STORIES for page in story} | set(ELSEWHERE)
    assert {str(page.relative_to(CHECKOUT)) for page in pages if steps(page)} == told
    assert {language for page in pages for _, language, _ in fenced(page)} <= COMMANDS | {"mermaid"}


def test_what_a_page_shows_is_compared_but_for_what_it_leaves_out_and_what_differs_each_time() -> None:
    printed = "v1.0.0 is 340d428c44\nmade on 2026-11-25\nat 06:22 PM, in 20 files\n"
    assert agrees("v1.0.0 is 0123456abc\nmade on 2025-01-01\nat 01:23 AM, in 20 files\n", printed)
    assert agrees("...\nat 01:23 AM, …\n", printed)
    assert not agrees("v1.0.1 is 0123456abc\n...\n", printed)
    assert not agrees("v1.0.0 is 0123456abc\n", printed)
    assert not agrees("...\nat 01:23 AM, in 21 files\n", printed)


def leads_to(mermaid: str) -> set[tuple[str, str]]:
    """Which stages come before which, at once or by way of others, in a graph that Mermaid draws."""
    names = dict(re.findall(r'(\w+)\["(\w+)"\]', mermaid))
    chains = [re.findall(r"\w+", line) for line in mermaid.splitlines() if "-->" in line]
    found = {(names.get(a, a), names.get(b, b)) for chain in chains for a, b in pairwise(chain)}
    while more := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= more
    return found


def test_the_graphs_are_that_of_the_stages(reproduced: Project) -> None:
    (shown,) = [text for _, language, text in fenced(CHECKOUT / "README.md") if language == "mermaid"]
    (whole,) = [text for _, language, text in fenced(CHECKOUT / "docs/dvc.md") if language == "mermaid"]
    printed = reproduced.dvc("dag", "--md").stdout
    assert plain(f"```mermaid\n{whole}```") == plain(printed)
    assert leads_to(shown) == leads_to(whole)
    assert ("params", "recommend") in leads_to(shown)
