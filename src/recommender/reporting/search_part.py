"""What the search tried and found, and how the model got better with each epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from recommender.reporting import pictures
from recommender.reporting.shown import Picture, Row, Table
from recommender.reporting.wording import count, decimal, interval, listed

MOST_POINTS = 200
"""The most points of a line: a page is to stay small, whatever was searched and however long was trained."""


@dataclass(frozen=True)
class SearchPart:
    """What the search found.

    Attributes
    ----------
    n_trials
        How many settings were tried, of all families together; 0: there was no search.
    family
        The family that did best in it.
    trials
        The score of each trial; None without a search.
    best, importance
        The best settings of each family, and how much each setting explains.
    curve
        The model after each epoch; None: it was not measured.
    """

    n_trials: int
    family: str
    trials: Picture | None
    best: Table
    importance: Table
    curve: Picture | None

    @classmethod
    def make(
        cls, best: Mapping[str, Any], trials: Sequence[Row], importance: Sequence[Row], curve: Sequence[Row]
    ) -> Self:
        """Tell of the search and of the learning curve.

        Parameters
        ----------
        best
            The content of `search/best.json`.
        trials, importance
            The rows of these tables in `search/`.
        curve
            The rows of `metrics/plots/learning_curve.csv`.
        """
        return cls(
            n_trials=len(trials),
            family=best.get("family", ""),
            trials=_trials(trials) if trials else None,
            best=_best(best.get("families", {})),
            importance=Table(
                "How much each setting matters",
                ["setting", "share of the scores' variance"],
                [
                    (f"{row['family']}: {row['setting']}", f"{row['importance']:.2f}")
                    for row in sorted(importance, key=lambda row: -row["importance"])
                ],
            ),
            curve=_curve(curve) if curve else None,
        )


def _best(families: Mapping[str, Any]) -> Table:
    rows = []
    for family, found in families.items():
        score = next(value for name, value in found.items() if name.startswith("ndcg@"))
        settings = ", ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in found["settings"].items()
        )
        rows.append(
            (
                family,
                decimal(score["mean"]),
                interval(score["low"], score["high"]),
                f"{found['trial']} of {found['of']}",
                settings,
            )
        )
    return Table("The best settings of each family", ["family", "score", "interval", "trial", "settings"], rows)


def _trials(rows: Sequence[Row]) -> Picture:
    scores: dict[str, dict[int, float]] = {}
    best: dict[str, dict[int, float]] = {}
    for row in rows:
        scores.setdefault(row["family"], {})[row["trial"]] = row["score"]
        best.setdefault(row["family"], {})[row["trial"]] = row["best"]
    drawn = [{family: thinned(values) for family, values in series.items()} for series in (scores, best)]
    return Picture.of(
        pictures.trials(*drawn),
        "trials",
        f"The score of each of {count(len(rows))} trials, and the best so far, for {listed(scores)}",
        "A dot is a setting that was tried, the line the best one so far; higher is better. A line that was still "
        "rising at the end says that more trials may find more; one that has long been flat, that they will not. The "
        "scores are NDCG on a part of the training data, never on the test.",
        Table(
            "The best score of each family",
            ["family", "trials", "best score"],
            [(family, count(len(values)), decimal([*best[family].values()][-1])) for family, values in scores.items()],
        ),
    )


def thinned(values: Mapping[int, float]) -> dict[int, float]:
    """Leave so many values that a picture can still show, evenly, the last one among them."""
    step = -(-len(values) // MOST_POINTS)
    return {
        place: value for number, (place, value) in enumerate(values.items(), 1) if (len(values) - number) % step == 0
    }


def _curve(rows: Sequence[Row]) -> Picture:
    metric = rows[0]["metric"]
    values = thinned({row["epoch"]: row["mean"] for row in rows if row["metric"] == metric})
    return Picture.of(
        pictures.curve(values, f"{metric}, on users set aside"),
        "curve",
        f"{metric} after each epoch, from {decimal(next(iter(values.values())))} to {decimal([*values.values()][-1])}",
        "The model after each pass over the data; higher is better. If the line still rises at the end, more epochs "
        "would help; if it has fallen since a peak, there were too many.",
        Table(
            f"{metric} by epoch", ["epoch", "mean"], [(count(epoch), decimal(mean)) for epoch, mean in values.items()]
        ),
    )
