"""What is said of the families is what was found, and the commands lead to what is better."""

from typing import Any

import pytest

from recommender.cli._advice import advice, model_name

GIVEN: dict[str, dict[str, Any]] = {"search": {"trials": 0}, "train": {"settings": "given", "family": "lightfm"}}
SEARCHED: dict[str, dict[str, Any]] = {
    "search": {"trials": 64},
    "train": {"settings": "searched", "family": "searched"},
}
SHIP = "dvc exp run -S train.family=ease"
SEARCH = "dvc exp run -S search.trials=64 -S train.settings=searched -S train.family=searched"


def ranking(kind: str, best: str, over: str) -> dict[str, Any]:
    lead = {"ndcg@10": {"mean": 0.085, "low": 0.079, "high": 0.091}}
    return {"users": 500, "family": "lightfm", "verdict": {"kind": kind, "best": best, "over": over, "lead": lead}}


def test_what_is_better_is_named_with_its_lead_and_the_command_that_ships_it() -> None:
    sentence, *commands = advice(ranking("behind", "ease", "lightfm"), SEARCHED)
    assert sentence == (
        "ease is best on this data: it leads lightfm, the model, by 0.0850 [+0.0790, +0.0910] in ndcg@10."
    )
    assert commands == [f"Ship it: {SHIP}"]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (ranking("best", "lightfm", "ease"), "lightfm, the model, is best on this data: it leads ease"),
        (ranking("tied", "lightfm", "ease"), "lightfm, the model, leads ease, the next, by 0.0850"),
        (ranking("tied", "ease", "lightfm"), "ease leads lightfm, the model, by 0.0850"),
        (ranking("popularity", "popularity", "ease"), "No family beats popularity, which needs no model,"),
        (ranking("no_signal", "ease", "random"), "Nothing beats random orders beyond chance: ease leads by 0.0850"),
    ],
)
def test_nobody_is_sent_elsewhere_where_nothing_is_better(found: dict[str, Any], says: str) -> None:
    (sentence,) = advice(found, SEARCHED)
    assert sentence.startswith(says)
    assert ("beyond chance" in sentence) == (found["verdict"]["kind"] != "best")


@pytest.mark.parametrize("kind", ["best", "tied", "behind", "popularity"])
@pytest.mark.parametrize("group", ["search", "train"])
def test_a_search_is_advised_where_settings_are_not_searched(kind: str, group: str) -> None:
    found = ranking(kind, "ease", "lightfm")
    assert not any(SEARCH in line for line in advice(found, SEARCHED))
    assert advice(found, SEARCHED | {group: GIVEN[group]})[-1].endswith(SEARCH)
    assert any(line.endswith(SHIP) for line in advice(found, GIVEN)) == (kind == "behind")


def test_where_there_is_no_signal_no_command_is_advised() -> None:
    (sentence,) = advice(ranking("no_signal", "ease", "random"), GIVEN)
    assert sentence.endswith(
        "As far as 500 users tell, these interactions hold no signal that any of the families can use."
    )


def test_numbers_from_before_there_were_families_are_shown_without_advice() -> None:
    assert advice({"users": 500, "model": {}}, {"train": {}}) == []
    assert model_name({"users": 500, "model": {}}) == "model"
    assert model_name({"family": "ease"}) == "model (ease)"
