"""The page as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from recommender.reporting import glossary
from recommender.reporting.data_part import DataPart
from recommender.reporting.example_users import Example
from recommender.reporting.exposure import Exposure
from recommender.reporting.palette import scheme
from recommender.reporting.program_part import ProgramPart
from recommender.reporting.quality_part import QualityPart
from recommender.reporting.search_part import SearchPart
from recommender.reporting.shown import Table
from recommender.reporting.templating import HEAD, environment


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
        "head": HEAD,
        "light": scheme(dark=False),
        "dark": scheme(dark=True),
    }
    return environment().get_template("page.html.jinja").render(content)
