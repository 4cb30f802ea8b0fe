"""What is recommended: how much of the catalogue, and how much of it is popular anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from recommender.reporting import pictures
from recommender.reporting.shown import Picture, Row, Table, decimal, share

MODEL, CONSUMED, POPULARITY = "model", "consumed", "popularity"


@dataclass(frozen=True)
class ProgramPart:
    """What is recommended.

    Attributes
    ----------
    coverage
        The share of the catalogue in at least one list, by family.
    top_recommended, top_chosen
        The share of all recommendations, and of what users chose themselves, that goes to the most popular tenth.
    shares
        The same for each tenth.
    """

    coverage: Table
    top_recommended: str
    top_chosen: str
    shares: Picture

    @classmethod
    def make(
        cls, ranking: Mapping[str, Any], precision_and_coverage: Sequence[Row], popularity_shares: Sequence[Row]
    ) -> Self:
        """Tell what is recommended.

        Parameters
        ----------
        ranking
            The content of `metrics/ranking.json`.
        precision_and_coverage, popularity_shares
            The rows of these tables in `metrics/plots`.
        """
        k = int(next(iter(ranking[POPULARITY])).partition("@")[2])
        ours = f"{ranking['family']} (ours)"
        of = {name: [row["share"] for row in popularity_shares if row["model"] == name] for name in (MODEL, CONSUMED)}
        return cls(
            coverage=Table(
                f"Lists of {k}: how much of the catalogue they show",
                ["family", "coverage", "precision"],
                [
                    (ours if row["model"] == MODEL else row["model"], share(row["coverage"]), decimal(row["precision"]))
                    for row in precision_and_coverage
                    if row["k"] == k
                ],
            ),
            top_recommended=share(of[MODEL][0]),
            top_chosen=share(of[CONSUMED][0]),
            shares=_shares({"recommended": of[MODEL], "chosen by users": of[CONSUMED]}),
        )


def _shares(shares: Mapping[str, Sequence[float]]) -> Picture:
    return Picture.of(
        pictures.by_popularity(shares),
        "shares",
        "The share of recommendations, and of what users chose, that goes to each tenth of the catalogue",
        "The catalogue in ten equal parts, the most popular to the left. Where recommended lies above chosen, the "
        "recommender favours these programs more than users do themselves; where it lies below, it neglects them.",
        Table(
            "Share by tenth of the catalogue, the most popular first",
            ["tenth", *shares],
            [
                (str(number), *(f"{100 * value:.1f} %" for value in values))
                for number, values in enumerate(zip(*shares.values(), strict=True), start=1)
            ],
        ),
    )
