"""How good the recommendations are, next to popularity and the other families, and for whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from recommender.reporting import pictures
from recommender.reporting.pictures import Mean
from recommender.reporting.sentence import verdict_sentence
from recommender.reporting.shown import Picture, Row, Table
from recommender.reporting.wording import count, decimal, interval, listed, share, small

MODEL, POPULARITY, RANDOM = "model", "popularity", "random"
FEW = 50
"""A segment of fewer users says little."""
NEW = "0"
"""The segment of users of whom nothing was known."""


@dataclass(frozen=True)
class QualityPart:
    """How good the recommendations are.

    Attributes
    ----------
    verdict
        The sentence that `recommender summary` ends with.
    plain
        The same in hits, without a metric's name.
    k, metric, n_users
        The length of the lists, the metric that decides, and the number of users who were asked.
    rivals, lengths, segments
        All families; the model, the best other and popularity by length of list; the same by segment of users.
    numbers
        The headlines of all.
    for_whom
        Sentences on the segments.
    tests_new_users
        Whether users without a history are among those asked; None: the segment that they would be in has others, too.
    """

    verdict: str
    plain: list[str]
    k: int
    metric: str
    n_users: int
    rivals: Picture
    lengths: Picture
    segments: Picture
    numbers: Table
    for_whom: list[str]
    tests_new_users: bool | None

    @classmethod
    def make(
        cls,
        ranking: Mapping[str, Any],
        families: Sequence[Row],
        by_k: Sequence[Row],
        by_segment: Sequence[Row],
        confidence: float,
    ) -> Self:
        """Tell how good the recommendations are.

        Parameters
        ----------
        ranking
            The content of `metrics/ranking.json`.
        families, by_k, by_segment
            The rows of the tables of these names in `metrics/plots`.
        confidence
            The level of the intervals.
        """
        metric = next(iter(ranking[POPULARITY]))
        k = int(metric.partition("@")[2])
        names = {row["model"]: row["family"] for row in families}
        names[MODEL] += " (ours)"
        others = [row for row in families if row["model"] not in (MODEL, POPULARITY, RANDOM)]
        rival = max(others, key=lambda row: row["mean"])["model"]
        compared = {name: names[name] for name in (MODEL, rival, POPULARITY)}
        found = [row for row in by_segment if row["metric"] == metric]
        return cls(
            verdict=verdict_sentence(ranking),
            plain=_plain(ranking, k, names[rival], ranking[rival]),
            k=k,
            metric=metric,
            n_users=ranking["users"],
            rivals=_rivals(families, names, metric, confidence),
            lengths=_lengths(by_k, compared),
            segments=_segments(found, compared, metric),
            numbers=_numbers(ranking, names),
            for_whom=_for_whom(found),
            tests_new_users=_tests_new_users({str(row["segment"]) for row in found}),
        )


def mean_of(row: Row) -> Mean:
    """Take a mean and its interval from a row."""
    return Mean(row["mean"], row["low"], row["high"])


def _plain(ranking: Mapping[str, Any], k: int, rival: str, its: Mapping[str, float]) -> list[str]:
    model, popular, other = (_hits(of[f"precision@{k}"] * k) for of in (ranking[MODEL], ranking[POPULARITY], its))
    programs = "program" if k == 1 else "programs"
    hits = (
        f"Of {k} {programs} that it recommends to a user, {model} are hits on average: programs that the user really "
        f"chose, and that were hidden from it. The {k} most popular {programs}, the same for everybody, would give "
        f"{popular}; the best other family, {rival}, {other}."
    )
    hit_rate = ranking[MODEL][f"hit_rate@{k}"]
    return [hits, f"{share(hit_rate)} of the {count(ranking['users'])} users asked get at least one hit."]


def _hits(number: float) -> str:
    return f"{number:.1f}" if number >= 1 else small(number)


def _rivals(families: Sequence[Row], names: Mapping[str, str], metric: str, confidence: float) -> Picture:
    means = {names[row["model"]]: mean_of(row) for row in families}
    ranked = sorted(means.items(), key=lambda item: -item[1].mean)
    return Picture.of(
        pictures.ranked_means(means, names[MODEL], f"{metric}, mean over users"),
        "rivals",
        f"{metric} of each family, best first: " + ", ".join(f"{name} {decimal(at.mean)}" for name, at in ranked),
        "Further to the right is better. The line is the interval: where the true value lies with "
        f"{share(confidence)} confidence. Families whose lines overlap far are as good as each other; what does not "
        "pass popularity is not worth a model.",
        Table(
            f"{metric} by family",
            ["family", "mean", "interval"],
            [(name, decimal(at.mean), interval(at.low, at.high)) for name, at in ranked],
        ),
    )


def _lengths(by_k: Sequence[Row], compared: Mapping[str, str]) -> Picture:
    panels = {
        metric: {
            shown: {row["k"]: mean_of(row) for row in by_k if row["metric"] == metric and row["model"] == name}
            for name, shown in compared.items()
        }
        for metric in ("precision", "recall")
    }
    ks = sorted({row["k"] for row in by_k})
    rows = [
        (f"{metric}@{k}, {shown}", decimal(at[k].mean), interval(at[k].low, at[k].high))
        for metric, series in panels.items()
        for shown, at in series.items()
        for k in ks
    ]
    return Picture.of(
        pictures.by_length(panels),
        "lengths",
        f"Precision and recall for lists of {listed(map(str, ks))} programs: {', '.join(compared.values())}",
        "Higher is better. A longer list finds more of what a user chose (recall rises), and more of it is wrong "
        "(precision falls): show as many as the place on the screen is worth.",
        Table("Precision and recall by length of list", ["", "mean", "interval"], rows),
    )


def _segments(found: Sequence[Row], compared: Mapping[str, str], metric: str) -> Picture:
    segments = list(dict.fromkeys(str(row["segment"]) for row in found))
    at = {(str(row["segment"]), row["model"]): row for row in found}
    series = {shown: [mean_of(at[segment, name]) for segment in segments] for name, shown in compared.items()}
    rows = [
        (
            f"{segment}, {shown}",
            count(at[segment, name]["users"]),
            decimal(at[segment, name]["mean"]),
            interval(at[segment, name]["low"], at[segment, name]["high"]),
        )
        for segment in segments
        for name, shown in compared.items()
    ]
    return Picture.of(
        pictures.by_segment(segments, series, metric),
        "segments",
        f"{metric} for users with {listed(segments)} programs: {', '.join(compared.values())}",
        "Higher is better. Each group stands for users who had so many programs when they were asked; long lines mean "
        "that there are few such users. Groups differ in how much there is to find, too, so compare within a group.",
        Table(f"{metric} by number of programs", ["programs, family", "users", "mean", "interval"], rows),
    )


def _numbers(ranking: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    headlines = list(ranking[POPULARITY])
    rows = [(shown, *(decimal(ranking[name][metric]) for metric in headlines)) for name, shown in names.items()]
    return Table("All families in the metrics to look at first", ["family", *headlines], rows)


def _tests_new_users(segments: Collection[str]) -> bool | None:
    if NEW in segments:
        return True
    return None if any(segment.startswith(NEW) for segment in segments) else False


def _for_whom(found: Sequence[Row]) -> list[str]:
    models = {str(row["segment"]): row for row in found if row["model"] == MODEL}
    leads = {str(row["segment"]): row["lead_high"] for row in found if row["model"] == POPULARITY}
    sure = [segment for segment in models if leads[segment] < 0]
    unsure = [segment for segment in models if segment not in sure]
    few = [f"{segment} ({count(row['users'])})" for segment, row in models.items() if row["users"] < FEW]
    lines = []
    if sure:
        lines.append(f"Surely better than popularity for users with {listed(sure)} programs.")
    if unsure:
        lines.append(
            f"Not surely better than popularity for users with {listed(unsure)} programs: to them the most popular "
            "ones could be shown as well."
        )
    if few:
        lines.append(f"Few users are behind some groups, which says little of them: {listed(few)}.")
    if len(models) == 1:
        lines.append(
            "All users who were asked fall into one group, so nothing can be said of more or less active ones."
        )
    return lines
