"""Fixtures: Debian's Chromium, driven by Playwright, and the page of a project in which the pipeline has run."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browser.opened import Opened
from playwright.sync_api import Browser, sync_playwright
from projects import Project

Open = Callable[..., Opened]


# Not for the whole session: while Playwright runs, no other test of the process can start an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not installed; on Debian: apt-get install chromium (.ci/run does)")
    # Root has no sandbox to be in; anybody else has.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """What opens a file without a network, by default in a wide and light window in which no script runs."""
    with ExitStack() as closing:

        def opening(file: Path, **settings: Any) -> Opened:
            usual = {"width": 1280, "scheme": "light", "scripts": False, "offline": True}
            window = Opened(chromium, file, **{**usual, **settings})
            closing.callback(window.context.close)
            return window

        yield opening


def page_file(project: Project) -> Path:
    """The page that the pipeline wrote."""
    return project.path("metrics/report.html")


@pytest.fixture(scope="module")
def report(reproduced: Project) -> Path:
    """The page about the sample. Not to be changed."""
    return page_file(reproduced)
