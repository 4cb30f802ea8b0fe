"""What was searched is told as it was found, and what was not is not there."""

import re
from typing import Any

import numpy as np
import pytest

from recommender.reporting.search_part import MOST_POINTS, SearchPart, thinned
from recommender.reporting.shown import Row


def trials(**scores: list[float]) -> list[Row]:
    return [
        {"family": family, "trial": number, "score": score, "best": max(values[: number + 1])}
        for family, values in scores.items()
        for number, score in enumerate(values)
    ]


def found(**settings: dict[str, Any]) -> dict[str, Any]:
    families = {
        family: {
            "trial": number,
            "ndcg@7": {"mean": 0.25, "low": 0.2, "high": 0.31},
            "of": 64,
            "splits": 2,
            "settings": chosen,
        }
        for number, (family, chosen) in enumerate(settings.items())
    }
    return {"family": "ease", "families": families}


def curve(epochs: dict[int, float], metric: str = "ndcg@7") -> list[Row]:
    return [
        {"epoch": epoch, "metric": name, "mean": value}
        for epoch, mean in epochs.items()
        for name, value in ((metric, mean), ("auc", 0.9))
    ]


def test_without_a_search_there_is_none_to_tell_of() -> None:
    part = SearchPart.make({}, [], [], [])
    assert (part.n_trials, part.family, part.trials, part.curve) == (0, "", None, None)
    assert part.best.rows == part.importance.rows == []


@pytest.mark.parametrize(("n", "step"), [(1, 1), (MOST_POINTS, 1), (MOST_POINTS + 1, 2), (5000, 25)])
def test_however_much_there_is_a_picture_has_few_points_and_the_last(n: int, step: int) -> None:
    found = thinned({place: place / n for place in range(n)})
    places = list(found)
    assert len(places) <= MOST_POINTS
    assert places[-1] == n - 1
    assert set(np.diff(places)) <= {step}
    assert all(value == place / n for place, value in found.items())


def test_every_family_shows_its_trials_and_its_best_score() -> None:
    part = SearchPart.make({"family": "ease"}, trials(ease=[0.2, 0.3, 0.1], ials=[0.25]), [], [])
    assert (part.n_trials, part.family) == (4, "ease")
    assert part.trials
    assert part.trials.numbers.rows == [("ease", "3", "0.300"), ("ials", "1", "0.250")]
    assert "The score of each of 4 trials, and the best so far, for ease and ials" in part.trials.svg


@pytest.mark.parametrize("n_families", [1, 2, 3, 6])
def test_any_number_of_families_has_a_panel_each(n_families: int) -> None:
    names = [f"family {number}" for number in range(n_families)]
    part = SearchPart.make({"family": "ease"}, trials(**{name: [0.1, 0.0] for name in names}), [], [])
    assert part.trials
    assert re.findall(r">(family \d)<", part.trials.svg) == names


def test_the_best_settings_are_written_as_they_are() -> None:
    part = SearchPart.make(
        found(item_knn={"neighbours": 123456, "shrinkage": 0.000123456, "side": "history"}, ease={"l2": 500.0}),
        [],
        [],
        [],
    )
    assert part.best.rows == [
        ("item_knn", "0.250", "0.200 to 0.310", "0 of 64", "neighbours 123456, shrinkage 0.0001235, side history"),
        ("ease", "0.250", "0.200 to 0.310", "1 of 64", "l2 500"),
    ]


def test_what_matters_most_is_told_first() -> None:
    importance = [
        {"family": family, "setting": setting, "importance": share}
        for family, setting, share in (("ease", "l2", 0.25), ("ials", "l2", 0.875), ("ials", "epochs", 0))
    ]
    assert SearchPart.make({}, [], importance, []).importance.rows == [
        ("ials: l2", "0.88"),
        ("ease: l2", "0.25"),
        ("ials: epochs", "0.00"),
    ]


def test_the_curve_is_that_of_the_first_metric() -> None:
    part = SearchPart.make({}, [], [], curve({1: 0.1, 2: 0.3, 1000: 0.2}))
    assert part.curve
    assert part.curve.numbers.rows == [("1", "0.100"), ("2", "0.300"), ("1,000", "0.200")]
    assert part.curve.numbers.caption == "ndcg@7 by epoch"
    assert "ndcg@7 after each epoch, from 0.100 to 0.200" in part.curve.svg


def test_a_curve_may_have_one_epoch() -> None:
    part = SearchPart.make({}, [], [], curve({1: 0.0}))
    assert part.curve
    assert part.curve.numbers.rows == [("1", "0.000")]
