"""`recommender report` writes one file, says where, and overwrites nothing but a page of its own."""

from pathlib import Path

import pytest
from projects import Project


@pytest.fixture(scope="module")
def reader(reproduced: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return reproduced.copy(tmp_path_factory.mktemp("reader") / "project")


def test_it_says_where_the_page_is_and_git_does_not_see_it(reader: Project) -> None:
    assert reader.recommender("report", "--no-open").stdout == f"{reader.path('report.html').as_uri()}\n"
    reader.recommender("report", "--no-open", "--rev", "HEAD")
    assert reader.path("report-HEAD.html").exists()
    assert not reader.git("status", "--porcelain")


def test_a_file_of_the_users_own_is_not_lost(reader: Project, tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<!doctype html>Mine")
    done = reader.recommender("report", "--no-open", "-o", str(mine), check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is no page of ours; name another file with --output" in done.stderr
    assert mine.read_text() == "<!doctype html>Mine"
    ours = tmp_path / "ours.html"
    for _ in range(2):
        reader.recommender("report", "--no-open", "-o", str(ours))
    assert "</html>" in ours.read_text(encoding="utf-8")


def test_a_folder_that_is_not_there_is_named(reader: Project) -> None:
    done = reader.recommender("report", "-o", "nowhere/page.html", check=False)
    assert (done.returncode, done.stderr) == (
        1, "recommender: there is no folder nowhere; make it, or name another file with --output\n"
    )  # fmt: skip


def test_a_browser_is_opened_only_on_a_screen(reader: Project, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    screen = Project(reader.root, {**reader.environment, "BROWSER": str(browser), "DISPLAY": ":9"})
    none = Project(reader.root, {**reader.environment, "BROWSER": str(browser), "DISPLAY": "", "WAYLAND_DISPLAY": ""})
    none.recommender("report")
    screen.recommender("report", "--no-open")
    assert not opened.exists()
    screen.recommender("report")
    assert opened.read_text() == f"{reader.path('report.html').as_uri()}\n"


def test_before_anything_has_run_it_says_what_to_do(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    done = project.recommender("report", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "metrics/report.html is missing" in done.stderr
    assert "`dvc repro` makes it again" in done.stderr
