"""The page as a whole."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from recommender.reporting import glossary
from recommender.reporting.data_part import DataPart
from recommender.reporting.example_users import Example
from recommender.reporting.exposure import Exposure
from recommender.reporting.palette import scheme
from recommender.reporting.program_part import ProgramPart
from recommender.reporting.quality_part import QualityPart
from recommender.reporting.search_part import SearchPart
from recommender.reporting.shown import Table, count, share

TEMPLATES = Path(__file__).parent
DECEIVING = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that control a device, or turn the direction of what follows."""


def environment(folder: Path = TEMPLATES) -> Environment:
    """Make Jinja's environment for the templates in a folder and for those of the page, which they may include."""
    made = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"count": count, "share": share, "foreign": foreign}
    return made


def foreign(text: str) -> Markup:
    """Show a text from the data: escaped, without characters that deceive, and with a direction of its own."""
    return Markup("<bdi>{}</bdi>").format(DECEIVING.sub("\ufffd", text))


def page(
    *,
    data: DataPart,
    quality: QualityPart,
    programs: ProgramPart,
    exposure: Exposure,
    examples: Sequence[Example],
    search: SearchPart,
    settings: Table,
    metrics: Sequence[str],
    families: Sequence[str],
) -> str:
    """Write the page: HTML in one piece, that loads nothing and runs nothing.

    Parameters
    ----------
    data, quality, programs, exposure, examples, search, settings
        Its parts.
    metrics, families
        What the glossary explains of metrics and families.
    """
    content: Mapping[str, Any] = {
        "data": data,
        "quality": quality,
        "programs": programs,
        "exposure": exposure,
        "examples": examples,
        "search": search,
        "settings": settings,
        "glossary": {
            "Metrics": glossary.metrics(metrics),
            "Families": {name: glossary.FAMILIES[name] for name in families if name in glossary.FAMILIES},
            "Words": glossary.WORDS,
        },
        "light": scheme(dark=False),
        "dark": scheme(dark=True),
    }
    return environment().get_template("page.html.jinja").render(content)
