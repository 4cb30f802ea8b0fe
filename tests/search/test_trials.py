"""What is tried: inside of the space, never twice, and the same for every number of trials."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import CHECKOUT

from recommender.search.trials import draw_trials, value_at
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.peers import EaseSettings, ItemKnnSettings, Rp3betaSettings
from recommender.settings.search import Dimension, Dimensions

PARAMS = Params.parse(read_yaml(CHECKOUT / "params.yaml"), "params.yaml")
KNN = ItemKnnSettings(neighbours=50, shrinkage=1.0, side="history")
EASE = EaseSettings(l2=100.0, most_items=1000)
WHOLE = st.integers(1, 1_000_000)
REAL = st.floats(1e-9, 1e9)


def space(**dimensions: dict[str, Any]) -> Dimensions:
    return {name: Dimension.parse(content, name) for name, content in dimensions.items()}


def ranges(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    ends = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
    return st.builds(lambda ends, log: {"low": ends[0], "high": ends[1], "log": log}, ends, st.booleans())


def has_three_digits(number: float) -> bool:
    return float(f"{number:.3g}") == number


@settings(deadline=None, max_examples=50)
@given(ranges(WHOLE), ranges(REAL), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_values_stay_in_their_range_and_type_with_three_digits(
    whole: dict[str, Any], real: dict[str, Any], n_trials: int, seed: int
) -> None:
    sides = ["candidate", "history"]
    drawn = draw_trials(KNN, space(neighbours=whole, shrinkage=real, side={"values": sides}), n_trials, seed)
    assert drawn[0].settings == KNN
    for trial in drawn[1:]:
        tried = trial.settings
        assert isinstance(tried, ItemKnnSettings)
        assert type(tried.neighbours) is int
        assert type(tried.shrinkage) is float
        assert tried.side in sides
        for value, ends in ((tried.neighbours, whole), (tried.shrinkage, real)):
            assert ends["low"] <= value <= ends["high"]
            assert has_three_digits(value) or value in (ends["low"], ends["high"])
        assert all(0 <= place <= 1 for place in trial.places.values())
        assert list(trial.places) == ["neighbours", "shrinkage", "side"]


@settings(deadline=None, max_examples=50)
@given(ranges(st.integers(1, 6)), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_no_settings_are_tried_twice_and_fewer_trials_are_the_first_of_more(
    whole: dict[str, Any], n_trials: int, seed: int
) -> None:
    dimensions = space(neighbours=whole, side={"values": ["candidate", "history"]})
    drawn = draw_trials(KNN, dimensions, n_trials, seed)
    assert len({trial.settings for trial in drawn}) == len(drawn) <= n_trials
    assert draw_trials(KNN, dimensions, 64, seed)[: len(drawn)] == drawn
    numbers = [trial.number for trial in drawn]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0


def test_the_seed_decides_what_is_drawn() -> None:
    dimensions = space(l2={"low": 1.0, "high": 1000.0, "log": True})
    assert len({tuple(trial.settings for trial in draw_trials(EASE, dimensions, 4, seed)) for seed in range(10)}) == 10


def test_a_range_is_filled_evenly_and_by_orders_of_magnitude_where_log_is_true() -> None:
    drawn = draw_trials(
        Rp3betaSettings(alpha=1.0, beta=0.5, neighbours=10),
        space(
            alpha={"low": 0.0, "high": 16.0},
            beta={"low": 0.01, "high": 100.0, "log": True},
            neighbours={"values": [1, 2, 3, 4]},
        ),
        17,
        seed=3,
    )
    tried = [trial.settings.model_dump() for trial in drawn[1:]]
    # Sixteen points of the sequence have one in each sixteenth, so four in each fourth.
    assert sorted(int(values["alpha"]) for values in tried) == list(range(16))
    assert sorted(math.floor(math.log10(values["beta"])) for values in tried) == [-2] * 4 + [-1] * 4 + [0] * 4 + [1] * 4
    assert sorted(values["neighbours"] for values in tried) == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4


@pytest.mark.parametrize(
    ("content", "place", "value"),
    [
        ({"low": 0.0, "high": 10.0}, 0.5, 5.0),
        ({"low": 0, "high": 10}, 0.26, 3),
        ({"low": 0, "high": 10}, 0.24, 2),
        ({"low": 1.0, "high": 100.0, "log": True}, 0.5, 10.0),
        ({"low": 1, "high": 10_000, "log": True}, 0.25, 10),
        ({"low": 0.0, "high": 1.0}, 0.123456, 0.123),
        ({"low": 0, "high": 1_000_000}, 0.123456, 123_000),
        ({"low": 1234, "high": 1236}, 0.5, 1236),  # three digits would leave the range
        ({"low": 0.12345, "high": 0.12349}, 1.0, 0.12345),  # likewise
        ({"values": ["a", "b", "c"]}, 0.34, "b"),
        ({"values": ["a", "b", "c"]}, 1.0, "c"),
        ({"values": [None]}, 0.7, None),
    ],
)
def test_a_place_in_a_dimension_is_a_value(content: dict[str, Any], place: float, value: Any) -> None:
    found = value_at(Dimension.parse(content, "dimension"), place)
    assert found == value
    assert type(found) is type(value)


def test_what_is_not_in_the_space_keeps_its_present_value_and_one_value_alone_is_taken_by_all() -> None:
    drawn = draw_trials(
        KNN, space(side={"values": ["candidate"]}, neighbours={"low": 1, "high": 100}), n_trials=9, seed=0
    )
    others = [trial.settings.model_dump() for trial in drawn[1:]]
    assert {(values["side"], values["shrinkage"]) for values in others} == {("candidate", KNN.shrinkage)}
    assert all(set(trial.places) == {"neighbours"} for trial in drawn[1:])


@pytest.mark.parametrize(
    ("dimensions", "n_trials"),
    [({}, 1), ({"side": {"values": ["history"]}}, 1), ({"side": {"values": ["candidate"]}}, 2)],
)
def test_where_nothing_is_to_be_drawn_what_is_new_is_tried_once(dimensions: dict[str, Any], n_trials: int) -> None:
    assert len(draw_trials(KNN, space(**dimensions), 64, seed=0)) == n_trials


@pytest.mark.parametrize("family", ["lightfm", "history", "ease", "ials", "item_knn", "rp3beta"])
def test_the_shipped_space_has_something_to_try(family: str) -> None:
    present = PARAMS.train if family == "lightfm" else getattr(PARAMS.peers, family)
    assert len(draw_trials(present, getattr(PARAMS.search.space, family), 64, seed=42)) > 8


def test_ends_however_far_apart_give_numbers_between_them() -> None:
    found = value_at(Dimension(low=1e-300, high=1e9, log=True), 0.5)
    assert 1e-150 < found < 1e-140


def test_settings_that_exclude_each_other_are_not_tried() -> None:
    dimensions = space(loss={"values": ["warp-kos"]}, n={"low": 1, "high": 10})
    drawn = draw_trials(PARAMS.train, dimensions, 16, seed=0)  # `n` must be at least `k`, which is 5
    assert len(drawn) > 1
