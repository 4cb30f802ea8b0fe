"""Figures as inline SVG: in the page's colours and letters, and with a name to be read out."""

import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib import font_manager, style
from matplotlib.figure import Figure

from recommender.reporting.palette import GRID, INK, SOFT, VARIABLES

WIDTH = 328
"""The width of a figure in pixels, that of a small phone's page: there it is shown as it is, elsewhere enlarged."""
FONT = 13
SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
OWN_FONTS = mpl.get_data_path()
STYLE: dict[Any, Any] = {
    "axes.edgecolor": GRID,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelcolor": SOFT,
    "axes.labelsize": FONT,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": FONT,
    "figure.dpi": 72,
    "font.family": "DejaVu Sans",
    "font.size": FONT,
    "grid.color": GRID,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": GRID,
    "xtick.labelcolor": SOFT,
    "ytick.color": GRID,
    "ytick.labelcolor": SOFT,
}

# What else is installed here must not move a letter.
font_manager.fontManager.ttflist = [
    font for font in font_manager.fontManager.ttflist if font.fname.startswith(OWN_FONTS)
]
ET.register_namespace("", SVG)

# What somebody's own matplotlibrc says must not be seen.
styled = style.context(["default", STYLE])
"""A decorator for functions that make a figure."""


def figure(height: float) -> Figure:
    """Make an empty figure, `height` pixels high."""
    return Figure(figsize=(WIDTH / 72, height / 72), layout="constrained")


def inline(drawn: Figure, name: str, label: str) -> Markup:
    """Write a figure as an SVG element.

    Parameters
    ----------
    drawn
        The figure.
    name
        A name that no other figure of the page has.
    label
        What is read out instead of the picture.
    """
    buffer = io.BytesIO()
    with style.context(["default", {**STYLE, "svg.hashsalt": name}]):
        drawn.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ET.fromstring(buffer.getvalue())  # noqa: S314 - written the line before
    for unneeded in (root.find(f"{{{SVG}}}metadata"), root.find(f"{{{SVG}}}defs")):
        if unneeded is not None:
            root.remove(unneeded)
    root.attrib = {"viewBox": root.attrib["viewBox"], "role": "img", "aria-label": label}
    _name_apart(root, name)
    for element in root.iter():
        if css := element.get("style"):
            element.set("style", _in_page_colours(re.sub(r"font-family: [^;]*;? ?", "", css)))
        if element.tag == f"{{{SVG}}}path":
            element.set("d", " ".join(element.get("d", "").split()))
        element.text, element.tail = (text if (text or "").strip() else None for text in (element.text, element.tail))
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - serialised, so escaped


def _name_apart(root: ET.Element, name: str) -> None:
    """Keep only the ids that are referred to, and give each a name of its own in the whole page."""
    used: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return "#" + used.setdefault(match[1], f"{name}-{len(used)}")

    for element in root.iter():
        for key, new_key in ((LINK, "href"), ("clip-path", "clip-path")):
            if reference := element.attrib.pop(key, None):
                element.set(new_key, re.sub(r"#([^)]+)", renamed, reference))
    for element in root.iter():
        if (own := element.attrib.pop("id", None)) in used:
            element.set("id", used[own])


def _in_page_colours(css: str) -> str:
    for stand_in, (name, *_) in VARIABLES.items():
        css = css.replace(stand_in, f"var(--{name})")
    return css
