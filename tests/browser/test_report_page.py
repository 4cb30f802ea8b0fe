"""The page for those who decide: whoever reads it, on whatever, sees all of it and nothing else happens."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from browser.colours import DEFICIENCIES, contrast, distance
from browser.conftest import Open

SECTIONS = [
    "summary", "changes", "data", "quality", "users", "programs", "examples", "search", "settings", "origin",
    "glossary",
]  # fmt: skip
LARGEST = 2_000_000
READABLE = 12.0
"""Pixels of the smallest letters of a picture."""
PAPER = 718
"""Pixels between the margins, of a centimetre each, of a sheet of A4."""
APART = 0.05
"""The distance that the colours of two models keep; shapes and labels tell them apart, too."""
A_PIXEL = 1.0

every_width = pytest.mark.parametrize("width", [360, 768, 1280])
every_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])


def test_the_page_is_one_small_file_without_scripts(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert len(page.encode()) < LARGEST
    assert "<script" not in page.lower()


@every_width
@every_scheme
def test_an_accessibility_checker_finds_nothing(report: Path, opened: Open, width: int, scheme: str) -> None:
    assert not opened(report, width=width, scheme=scheme, scripts=True).violations()


@every_width
@every_scheme
def test_nothing_is_asked_for_and_nothing_is_said(report: Path, opened: Open, width: int, scheme: str) -> None:
    window = opened(report, width=width, scheme=scheme, scripts=True)
    window.open_details()
    window.page.wait_for_load_state("networkidle")
    assert not window.requested
    assert not window.said
    assert not window.asked


@every_width
def test_nothing_is_wider_than_the_window(report: Path, opened: Open, width: int) -> None:
    window = opened(report, width=width)
    assert not window.measure("wider")
    window.open_details()
    assert not window.measure("wider")


def test_everything_is_seen_without_scripts(report: Path, opened: Open) -> None:
    window = opened(report)
    window.open_details()
    assert not window.measure("unseen")
    assert [section for section in SECTIONS if not window.page.locator(f"#{section}").is_visible()] == []


def test_what_is_folded_is_unfolded_and_folded_with_the_keyboard(report: Path, opened: Open) -> None:
    page = opened(report).page
    folded = page.locator("details")
    assert folded.count()
    for details in folded.all():
        details.locator("> summary").focus()
        before = details.get_attribute("open")
        page.keyboard.press("Enter")
        assert details.get_attribute("open") != before
        page.keyboard.press("Space")
        assert details.get_attribute("open") == before


def test_the_first_tab_shows_a_link_that_skips_to_the_content(report: Path, opened: Open) -> None:
    window = opened(report)
    window.page.keyboard.press("Tab")
    skip = window.measure("focused")
    assert "skip" in skip["classes"].split()
    assert skip["inWindow"]
    window.page.keyboard.press("Enter")
    assert window.page.url.endswith("#main")
    window.page.keyboard.press("Tab")
    assert window.measure("focused")["inMain"]


@every_scheme
@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_goes_through_the_page_in_order_and_shows_where_it_is(
    report: Path, opened: Open, width: int, scheme: str
) -> None:
    window = opened(report, width=width, scheme=scheme)
    stops: list[dict[str, Any]] = []
    while True:
        window.page.keyboard.press("Tab")
        stop = window.measure("focused")
        if stop["place"] < 0 or (stops and stop["place"] <= stops[-1]["place"]):
            break
        stops.append(stop)
    assert [stop["place"] for stop in stops] == window.measure("stops")
    assert not [stop["name"] for stop in stops if not (stop["outlined"] and stop["inWindow"])]


def test_each_reference_leads_to_one_place_of_the_page(report: Path, opened: Open) -> None:
    found = opened(report).measure("references")
    assert not found["missing"]
    assert not found["twice"]


def test_headings_begin_with_the_title_and_skip_no_level(report: Path, opened: Open) -> None:
    levels = [level for level, _ in opened(report).measure("headings")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_contents_list_each_section_in_order(report: Path, opened: Open) -> None:
    page = opened(report).page
    sections = page.locator("main section:has(> h2)").evaluate_all("all => all.map(({id}) => id)")
    listed = page.locator("nav a").evaluate_all("all => all.map((link) => link.getAttribute('href'))")
    assert sections == SECTIONS
    assert listed == [f"#{section}" for section in SECTIONS]


def test_each_picture_has_a_name_of_its_own(report: Path, opened: Open) -> None:
    pictures = opened(report).page.locator("svg").all()
    spoken = [picture.aria_snapshot() for picture in pictures]
    names = [name[1] for snapshot in spoken if (name := re.match(r"""- '?img "(.+?)(?<!\\)\"""", snapshot))]
    assert pictures
    assert len(set(names)) == len(pictures), spoken


@every_width
def test_the_letters_of_pictures_are_large_enough_whole_and_apart(report: Path, opened: Open, width: int) -> None:
    window = opened(report, width=width)
    for picture in window.measure("texts"):
        left, top, right, bottom = (picture["picture"][side] for side in ("left", "top", "right", "bottom"))
        assert picture["texts"]
        for text in picture["texts"]:
            at = text["box"]
            assert text["size"] >= READABLE - 0.05, text
            assert min(at["left"], at["top"]) >= -A_PIXEL, text
            assert at["right"] <= right - left + A_PIXEL, text
            assert at["bottom"] <= bottom - top + A_PIXEL, text
        for one, other in combinations(picture["texts"], 2):
            assert not overlap(one["box"], other["box"]), (one["text"], other["text"])


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    # A box is higher than its letters.
    return across > A_PIXEL and down > 0.3 * min(box["bottom"] - box["top"] for box in (one, other))


@every_scheme
def test_the_letters_of_pictures_stand_out(report: Path, opened: Open, scheme: str) -> None:
    faint = [
        (text["text"], colour, ground)
        for picture in opened(report, scheme=scheme).measure("texts")
        for text in picture["texts"]
        for colour, ground in text["colours"]
        if contrast(colour, ground) < 4.5
    ]
    assert not faint


@every_scheme
def test_the_lines_and_marks_of_pictures_stand_out(report: Path, opened: Open, scheme: str) -> None:
    pictures = opened(report, scheme=scheme).measure("marks")
    assert all(picture["colours"] for picture in pictures)
    faint = [
        (colour, round(ratio, 2))
        for picture in pictures
        for colour in picture["colours"]
        if 1.05 < (ratio := contrast(colour, picture["ground"])) < 3
    ]
    assert not faint


@every_scheme
def test_colours_of_a_picture_are_told_apart_by_every_eye(report: Path, opened: Open, scheme: str) -> None:
    alike = {
        (deficiency, *map(tuple, pair), round(between, 3))
        for picture in opened(report, scheme=scheme).measure("marks")
        for pair in combinations(picture["colours"], 2)
        for deficiency in DEFICIENCIES
        if (between := distance(*pair, deficiency)) < APART
    }
    assert not alike


def test_on_paper_nothing_is_cut_hidden_or_dark(report: Path, opened: Open) -> None:
    window = opened(report, width=PAPER, scheme="dark")
    window.page.emulate_media(media="print")
    assert not window.measure("wider")
    assert not window.measure("unseen")
    assert all(min(picture["ground"]) > 250 for picture in window.measure("marks"))
    for picture in window.measure("texts"):
        assert all(contrast(*pair) >= 4.5 for text in picture["texts"] for pair in text["colours"])
    assert window.page.locator("svg").evaluate_all(
        "all => all.every((svg) => { for (let up = svg; up; up = up.parentElement)"
        " if (getComputedStyle(up).breakInside.startsWith('avoid')) return true; return false; })"
    )
    sheets = window.page.pdf(format="A4", margin={"left": "1cm", "right": "1cm", "top": "1cm", "bottom": "1cm"})
    assert 1 <= sheets.count(b"/Type /Page\n") < 40
