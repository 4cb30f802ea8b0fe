"""Which family is best, and whether that is more than chance."""

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.evaluation.evaluate_models import Evaluation
from recommender.evaluation.verdict import Leads, Verdict, verdict
from recommender.measuring.measure import Measured

METRIC = "ndcg@10"
Values = NDArray[np.float64]


def leads(values: dict[str, Values], samples: int = 300, seed: int = 0) -> Leads:
    """The leads of models of which these values of users were measured."""
    exposure = np.zeros(1, dtype=np.int64)
    measured = {name: Measured({METRIC: of}, {}, exposure) for name, of in values.items()}
    return Leads.make(Evaluation(measured, {}, {}, {}), METRIC, confidence=0.95, samples=samples, seed=seed)


def made_up(n_users: int = 400, seed: int = 0, **means: float) -> dict[str, Values]:
    """Values of users who differ a lot from each other, and a little from model to model."""
    rng = np.random.default_rng(seed)
    user = rng.uniform(-0.2, 0.2, n_users)
    return {name: mean + user + rng.uniform(-0.1, 0.1, n_users) for name, mean in means.items()}


def said(values: dict[str, Values]) -> Verdict:
    return verdict(leads(values), "lightfm")


def kind_best_over(values: dict[str, Values]) -> tuple[str, str, str]:
    found = said(values)
    return found.kind, found.best, found.over


def test_a_family_that_is_clearly_better_than_the_shipped_one_is_named_with_its_lead() -> None:
    values = made_up(model=0.5, history=0.55, ease=0.6, popularity=0.3, random=0.2)
    found = said(values)
    assert (found.kind, found.best, found.over) == ("behind", "ease", "lightfm")
    assert found.lead.mean == pytest.approx((values["ease"] - values["model"]).mean(), abs=1e-12)
    assert 0.08 < found.lead.low < found.lead.mean < found.lead.high < 0.12


def test_a_shipped_family_that_is_clearly_best_is_held_against_the_next() -> None:
    values = made_up(model=0.6, history=0.5, ease=0.55, popularity=0.3, random=0.2)
    assert kind_best_over(values) == ("best", "lightfm", "ease")


def test_a_difference_that_chance_explains_is_a_tie_whoever_is_ahead() -> None:
    behind = made_up(model=0.5, ease=0.5, history=0.45, popularity=0.3, random=0.2)
    behind["ease"] += behind["model"].mean() + 0.002 - behind["ease"].mean()
    assert kind_best_over(behind) == ("tied", "ease", "lightfm")
    assert said(behind).lead.low < 0 < said(behind).lead.high
    ahead = behind | {"model": behind["ease"], "ease": behind["model"]}
    assert kind_best_over(ahead) == ("tied", "lightfm", "ease")


def test_of_equal_means_the_shipped_family_is_the_best() -> None:
    values = made_up(model=0.5, popularity=0.3, random=0.2)
    values = {"model": values["model"], "ease": values["model"], **values}
    found = said(values)
    assert (found.kind, found.best, found.over) == ("tied", "lightfm", "ease")
    assert (found.lead.mean, found.lead.low, found.lead.high) == (0, 0, 0)


def test_where_nothing_beats_random_orders_there_is_no_signal() -> None:
    found = said(made_up(model=0.2, ease=0.2, history=0.2, popularity=0.2, random=0.2))
    assert (found.kind, found.over) == ("no_signal", "random")
    assert found.lead.low < 0 < found.lead.high


@pytest.mark.parametrize("family", [0.3, 0.4])
def test_popularity_is_not_beaten_by_a_family_that_is_as_good_or_worse(family: float) -> None:
    values = made_up(model=family - 0.1, ease=family, popularity=0.4, random=0.2)
    found = said(values)
    assert found.kind == "popularity"
    assert {found.best, found.over} == {"popularity", "ease"}
    assert found.lead.mean >= 0


def test_one_family_alone_is_held_against_popularity() -> None:
    assert kind_best_over(made_up(model=0.5, popularity=0.3, random=0.2)) == ("best", "lightfm", "popularity")
    assert said(made_up(model=0.2, popularity=0.3, random=0.2)).kind == "popularity"


def test_a_few_users_are_no_evidence_however_they_agree() -> None:
    def of(n_users: int) -> Verdict:
        ones = np.ones(n_users)
        return said({"model": 0.5 * ones, "ease": 0.9 * ones, "popularity": 0.1 * ones, "random": 0 * ones})

    # The level of three comparisons is 1 - 0.05 / 3, and 2**-6 is the first power of 1/2 below 0.05 / 3.
    assert of(1).kind == of(6).kind == "no_signal"
    assert (of(7).kind, of(7).best) == ("behind", "ease")


def test_the_level_is_bonferronis_over_all_that_one_is_compared_with() -> None:
    few = leads(made_up(model=0.5, popularity=0.4, random=0.2), samples=2000)
    many = leads(made_up(model=0.5, popularity=0.4, random=0.2, a=0.1, b=0.1, c=0.1, d=0.1, e=0.1), samples=2000)
    assert few.confidence == pytest.approx(1 - 0.05 / 2)
    assert many.confidence == pytest.approx(1 - 0.05 / 7)
    for found, comparisons in ((few, 2), (many, 7)):  # as many samples beyond each bound, the further out it is
        assert {len(means) for means in found.means.values()} == {2000 * comparisons}
    # A uniform difference is nearly normal in its mean; 2.69 is the normal quantile of 1 - 0.025 / 7.
    lead = many.interval("model", "popularity")
    difference = many.values["model"] - many.values["popularity"]
    assert (lead.high - lead.low) / 2 == pytest.approx(2.69 * difference.std() / sqrt(400), rel=0.06)


def test_of_models_that_differ_by_chance_alone_few_are_called_better() -> None:
    kinds = [
        said(made_up(n_users=60, seed=seed, model=0.5, a=0.5, b=0.5, c=0.5, d=0.5, popularity=0.2, random=0.1)).kind
        for seed in range(200)
    ]
    assert set(kinds) <= {"tied", "behind", "best"}
    assert kinds.count("behind") + kinds.count("best") <= 0.05 * len(kinds)


def test_the_verdict_is_the_same_for_any_run_and_other_for_another_seed() -> None:
    values = made_up(model=0.5, ease=0.51, popularity=0.3, random=0.2)
    assert verdict(leads(values), "lightfm") == verdict(leads(values), "lightfm")
    assert verdict(leads(values, seed=1), "lightfm").lead != verdict(leads(values), "lightfm").lead
