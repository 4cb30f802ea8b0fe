"""Training of any family says how far it is, up to the end that it announced."""

from typing import Any

import pytest
import scipy.sparse as sp
from peers.drawn import interactions
from projects import CHECKOUT

from recommender.execution import Execution
from recommender.families.fit_family import count_steps, fit_family
from recommender.settings.base import Settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.training.examples import Examples

PARAMS = Params.parse(read_yaml(CHECKOUT / "params.yaml"), "params.yaml")
GIVEN = {"lightfm": PARAMS.train, **{name: getattr(PARAMS.peers, name) for name in type(PARAMS.peers).model_fields}}


@pytest.mark.parametrize("family", GIVEN)
@pytest.mark.parametrize("threads", [1, 3])
def test_progress_reaches_the_number_of_steps(family: str, threads: int) -> None:
    settings: Settings = GIVEN[family]
    train = interactions(60, 300, seed=2)
    advanced: list[int] = []

    def advance(steps: int = 1, **_: Any) -> None:
        advanced.append(steps)

    for _ in fit_family(Examples(sp.coo_matrix(train)), settings, Execution(threads, advance=advance)):
        assert advanced
    assert sum(advanced) == count_steps(settings, train.shape[1])[1]


def test_a_model_of_the_most_popular_items_counts_these_alone() -> None:
    settings = PARAMS.peers.ease.model_copy(update={"most_items": 7})
    assert count_steps(settings, 300) == ("programs", 7)
    assert count_steps(settings, 5) == ("programs", 5)
