"""Jinja as the page uses it: everything is escaped, and texts from the data cannot deceive."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from recommender.reporting.wording import count, share

TEMPLATES = Path(__file__).parent
GENERATOR = "recommender report"
"""The name by which a page is known as one."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
HEAD = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="generator" content="{generator}">
""").format(policy=Markup(POLICY), generator=GENERATOR)  # noqa: S704 - constants
"""What each page begins with: whatever follows, a browser runs no script in it and loads nothing for it."""
DECEIVING = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that control a device, or turn the direction of what follows."""


def environment(folder: Path = TEMPLATES) -> Environment:
    """Make Jinja's environment for the templates in a folder and for those of the page, which they may include."""
    made = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    made.filters |= {"count": count, "share": share, "foreign": foreign}
    return made


def foreign(text: str) -> Markup:
    """Show a text from the data: escaped, without characters that deceive, and with a direction of its own."""
    return Markup("<bdi>{}</bdi>").format(DECEIVING.sub("\ufffd", text))
