"""Colours can be told from the page and from each other, light and dark, whoever looks at them."""

import itertools
import re

import pytest

from recommender.reporting.palette import SERIES, VARIABLES, scheme
from recommender.reporting.templating import TEMPLATES

CSS = (TEMPLATES / "page.css.jinja").read_text()
PAPER = {
    dark: re.findall(rf"--paper: (#\w+);.*{{{{ {name} }}}}", CSS) for dark, name in ((False, "light"), (True, "dark"))
}
"""The colours behind a figure, on a light and on a dark page."""


def colours(*, dark: bool) -> dict[str, str]:
    return {name: night if dark else day for name, day, night in VARIABLES.values()}


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted(map(luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_lines_and_texts_stand_out_from_the_page(dark: bool) -> None:
    of = colours(dark=dark)
    assert PAPER[dark]
    for paper in PAPER[dark]:
        assert min(contrast(paper, of[name]) for name in ("ink", "soft")) >= 4.5
        assert min(contrast(paper, of[name]) for name in ("model", "rival", "popularity", "plain")) >= 3


def test_no_series_is_told_from_another_by_colour_alone() -> None:
    for (colour, mark, line), (other, other_mark, other_line) in itertools.combinations(SERIES, 2):
        assert colour != other
        assert mark != other_mark
        assert line != other_line


@pytest.mark.parametrize("dark", [False, True])
def test_a_scheme_declares_every_colour(dark: bool) -> None:
    declared = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", scheme(dark)))
    assert declared == colours(dark=dark)


def test_no_stand_in_is_a_part_of_another() -> None:
    assert len({stand_in.lower() for stand_in in VARIABLES}) == len(VARIABLES)
    assert {len(stand_in) for stand_in in VARIABLES} == {7}
