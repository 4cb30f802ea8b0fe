"""Titles from data are text: they run nothing, ask for nothing, and do not bend the page."""

import csv
import re
from itertools import cycle
from pathlib import Path

import pytest
from browser.conftest import Open, page_file
from projects import Once, Project

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</text></svg></style></title><script>alert(1)</script>",
    "<!-- ]]> --> &lt;b&gt; &amp;",
    r"$\frac{1$ \alpha_2^ {0} {name} %s",
    "'; } * { display: none } body::before { content: url(x)",
    "\u202etxet desrever",
    "שלום (עולם)",
    "\u0007bell \u001b[31mred",
    "Ünicode 👩‍🔬 漢字",
    "Donaudampfschifffahrtsgesellschaft" * 9,
]
INVISIBLE = re.compile("[\u0007\u001b\u202e]")
"""What could deceive in them; the page shows that it was there."""
BEGINNING = 20
"""Characters of a title that are shown in any case: a long one may be cut."""


@pytest.fixture(scope="module")
def page(reproduced: Project, once: Once) -> Path:
    """The page of a project all whose programs have hostile titles. Not to be changed."""

    def make(root: Path) -> None:
        project = reproduced.copy(root)
        programs = project.path("data/raw/programs.csv")
        with programs.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        with programs.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "name": title} for row, title in zip(rows, cycle(HOSTILE), strict=False))
        project.dvc("repro", "report")

    return page_file(once("hostile", make))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_title_runs_nothing_and_asks_for_nothing(page: Path, opened: Open, width: int) -> None:
    window = opened(page, width=width, scripts=True)
    window.open_details()
    window.page.wait_for_load_state("networkidle")
    assert not window.requested
    assert not window.said
    assert not window.asked
    assert not window.page.locator("script, img").count()


def test_each_title_is_shown_as_text(page: Path, opened: Open) -> None:
    window = opened(page)
    window.open_details()
    texts = window.measure("words")
    for title in HOSTILE:
        beginning = INVISIBLE.sub("\ufffd", title[:BEGINNING])
        assert any(text.startswith(beginning) for text in texts), title


def test_a_title_from_right_to_left_turns_nothing_around_it(page: Path, opened: Open) -> None:
    window = opened(page)
    window.open_details()
    assert not window.measure("turned")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_title_makes_nothing_wider_than_the_window(page: Path, opened: Open, width: int) -> None:
    window = opened(page, width=width)
    window.open_details()
    assert not window.measure("wider")


def test_an_accessibility_checker_finds_nothing(page: Path, opened: Open) -> None:
    assert not opened(page, width=360, scripts=True).violations()
