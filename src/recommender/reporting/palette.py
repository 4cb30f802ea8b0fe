"""Colours by what they stand for, light and dark: those that the colour-blind can tell apart too.

After Okabe and Ito, "Color Universal Design" (2008), some darker, so that a line has a contrast of 3 to 1 with the
page, and a text one of 4.5 to 1. A picture is drawn with stand-ins, which become variables of the page, so that it
follows its scheme.
"""

from typing import Final

INK: Final = "#010101"
SOFT: Final = "#020202"
GRID: Final = "#030303"
MODEL: Final = "#040404"
RIVAL: Final = "#050505"
POPULARITY: Final = "#060606"
PLAIN: Final = "#070707"

VARIABLES = {
    INK: ("ink", "#1b1b1b", "#ececec"),
    SOFT: ("soft", "#565656", "#b4b4b4"),
    GRID: ("grid", "#dcdcdc", "#3c3c3c"),
    MODEL: ("model", "#0064a4", "#6cbcf0"),
    RIVAL: ("rival", "#b34a00", "#ff9a4d"),
    POPULARITY: ("popularity", "#2f9e57", "#8fe3b0"),
    PLAIN: ("plain", "#767676", "#949494"),
}
"""Of each stand-in: the variable's name, and its value on a light and on a dark page."""

SERIES = [(MODEL, "o", "-"), (RIVAL, "s", "--"), (POPULARITY, "D", ":"), (PLAIN, "^", "-.")]
"""Colour, mark and line of the first, second and further series: none is told from another by colour alone."""


def scheme(dark: bool) -> str:
    """Give the variables as CSS declarations."""
    return " ".join(f"--{name}: {night if dark else day};" for name, day, night in VARIABLES.values())
