"""The changes since the release before: in the data, in the quality, and in the settings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from recommender.errors import RecommenderError
from recommender.measuring.headline import headlines
from recommender.releases.comparison import Comparison, compare
from recommender.serving.revision import Revision
from recommender.serving.source import Source, read_metrics

COUNTS = ("users", "programs", "interactions", "positives", "dropped_rows")


class Count(NamedTuple):
    """A number of the data, before and now."""

    name: str
    before: float
    now: float

    @property
    def growth(self) -> float | None:
        """The relative change; None: there was nothing before."""
        return self.now / self.before - 1 if self.before else None


class Setting(NamedTuple):
    """A setting, before and now."""

    key: str
    before: str
    now: str


@dataclass(frozen=True)
class Changes:
    """What is new since a release.

    Attributes
    ----------
    release, date
        The version, and the day of its commit.
    counts, period
        The numbers of the data, and the last day that it holds, before and now.
    family
        The family that shipped, before and now.
    means
        The metric that decides, before and now; None: it is not known of both.
    metric
        Its name.
    comparison
        The paired difference on the same test interactions; None: they differ, or `problem` says why there is none.
    settings
        The settings that differ.
    """

    release: str
    date: str
    counts: list[Count]
    period: tuple[str, str] | None
    family: tuple[str, str]
    metric: str
    means: tuple[float, float] | None
    comparison: Comparison | None
    problem: str | None
    settings: list[Setting]


def changes_since(old: Revision, new: Source, release: str) -> Changes:
    """Compare a revision with the release before it.

    Raises
    ------
    RecommenderError
        The metrics of one of them cannot be read.
    """
    data = [read_metrics(source, "validate", "data.json") for source in (old, new)]
    ranking = [read_metrics(source, "evaluate", "ranking.json") for source in (old, new)]
    metric = next(iter(_mapping(ranking[1].get("popularity")) or headlines(10)))
    comparison, problem = None, None
    try:
        comparison = compare(new, old)
    except RecommenderError as error:
        problem = str(error)
    except (ValueError, TypeError, pa.ArrowException):
        problem = "the users' metrics of one of the two are not what this version writes"
    ends = tuple(str(counted.get("to", ""))[:10] for counted in data)
    return Changes(
        release=release,
        date=old.describe()["date"][:10],
        counts=list(_counts(*data)),
        period=(ends[0], ends[1]) if all(ends) else None,
        family=(str(ranking[0].get("family", "lightfm")), str(ranking[1].get("family", "lightfm"))),
        metric=metric,
        means=_means(ranking[0], ranking[1], metric),
        comparison=comparison,
        problem=problem,
        settings=list(_settings(old.lock.params(), new.lock.params())),
    )


def _counts(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Count]:
    for name in COUNTS:
        old, new = before.get(name), now.get(name)
        if isinstance(old, int | float) and isinstance(new, int | float):
            yield Count(name.replace("_", " "), old, new)


def _means(before: Mapping[str, Any], now: Mapping[str, Any], metric: str) -> tuple[float, float] | None:
    old, new = (_mapping(ranking.get("model")).get(metric) for ranking in (before, now))
    return (old, new) if isinstance(old, int | float) and isinstance(new, int | float) else None


def _mapping(value: object) -> Mapping[str, Any]:
    """Take a part of a file that somebody else may have written."""
    return value if isinstance(value, dict) else {}


def _settings(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> Iterator[Setting]:
    flat = [
        {f"{group}.{name}": value for group, settings in params.items() for name, value in settings.items()}
        for params in (before, now)
    ]
    for key in dict.fromkeys([*flat[1], *flat[0]]):
        old, new = (_text(settings[key]) if key in settings else "-" for settings in flat)
        if old != new:
            yield Setting(key, old, new)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
