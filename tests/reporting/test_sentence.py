"""The sentence on the families says who leads whom, by how much, and whether that is more than chance."""

from typing import Any

import pytest

from recommender.reporting.sentence import verdict_sentence

BY = "by 0.0850 [+0.0790, +0.0910] in ndcg@5"


def ranking(kind: str, best: str, over: str) -> dict[str, Any]:
    lead = {"ndcg@5": {"mean": 0.085, "low": 0.079, "high": 0.091}}
    return {"users": 1234, "family": "ease", "verdict": {"kind": kind, "best": best, "over": over, "lead": lead}}


@pytest.mark.parametrize(
    ("kind", "best", "over", "said"),
    [
        ("best", "ease", "ials", f"ease, the model, is best on this data: it leads ials, the next, {BY}."),
        ("behind", "ials", "ease", f"ials is best on this data: it leads ease, the model, {BY}."),
        (
            "tied",
            "ease",
            "ials",
            f"ease, the model, leads ials, the next, {BY}: no difference beyond chance, and nothing is better.",
        ),
        (
            "tied",
            "ials",
            "ease",
            f"ials leads ease, the model, {BY}: no difference beyond chance, so the model is as good as any.",
        ),
        (
            "popularity",
            "ease",
            "popularity",
            (f"No family beats popularity, which needs no model, beyond chance: ease leads popularity {BY}."),
        ),
        (
            "no_signal",
            "ease",
            "random",
            (
                f"Nothing beats random orders beyond chance: ease leads {BY}. As far as 1,234 users tell, these "
                "interactions hold no signal that any of the families can use."
            ),
        ),
    ],
)
def test_each_verdict_is_a_sentence_that_tells_the_model_from_the_others(
    kind: str, best: str, over: str, said: str
) -> None:
    assert verdict_sentence(ranking(kind, best, over)) == said


def test_a_lead_that_may_be_none_shows_its_signs() -> None:
    found = ranking("tied", "ials", "ease")
    found["verdict"]["lead"] = {"ndcg@10": {"mean": 0.001, "low": -0.002, "high": 0.0}}
    assert "by 0.0010 [-0.0020, +0.0000] in ndcg@10" in verdict_sentence(found)
