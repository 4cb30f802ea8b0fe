"""Models from several seeds become one plain LightFM model, whose scores are the mean of theirs."""

import pickle
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from lightfm import LightFM

from recommender.ranking.factor_scorer import FactorScorer
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training import core, reference
from recommender.training.averaged import OfLightFM
from recommender.training.examples import Examples
from recommender.training.fit import fit
from recommender.training.representations import factors_of

SHAPE = (30, 20)
LIGHTFM: dict[str, Any] = {
    "family": "lightfm", "settings": "given", "seeds": 3, "trainer": "lightfm", "loss": "warp", "no_components": 4,
    "epochs": 3, "learning_schedule": "adagrad", "learning_rate": 0.05, "rho": 0.95, "epsilon": 1e-6,
    "item_alpha": 0.0, "user_alpha": 0.0, "max_sampled": 10, "k": 2, "n": 4, "random_state": 42,
}  # fmt: skip
SETTINGS: dict[str, OfLightFM] = {
    "lightfm": TrainSettings(**LIGHTFM),
    "lightfm, adadelta": TrainSettings(**LIGHTFM | {"learning_schedule": "adadelta", "loss": "bpr"}),
    "core": TrainSettings(**LIGHTFM | {"trainer": "core"}),
    "history": HistorySettings(
        no_components=4, epochs=3, learning_rate=0.05, max_sampled=10, scale=1.0, exponent=0.5, dropout=0.3,
        item_alpha=0.0, seeds=3, random_state=42,
    ),
}  # fmt: skip


def drawn() -> Examples:
    rng = np.random.default_rng(0)
    liked = np.stack(np.nonzero(rng.random(SHAPE) < 0.3))
    rows, columns = liked[:, rng.permutation(liked.shape[1])]
    return Examples(sp.coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=SHAPE))


def hybrid() -> Examples:
    return Examples(drawn().interactions, *(features(n) for n in SHAPE))


def features(n: int) -> sp.csr_matrix:
    drawn = np.random.default_rng(n).random((n, 3)) < 0.5
    return sp.csr_matrix(np.hstack([np.identity(n), drawn]).astype(np.float32))


def trained(examples: Examples, settings: OfLightFM, num_threads: int = 1) -> LightFM:
    *_, last = fit(examples, settings, num_threads)
    return last.model()


def alone(examples: Examples, settings: OfLightFM, seed: int) -> LightFM:
    """Train one model by the trainer itself."""
    one = settings.model_copy(update={"seeds": 1, "random_state": seed})
    if isinstance(one, HistorySettings) or one.trainer == "core":
        *_, last = core.epochs(examples.interactions, one)
    else:
        *_, last = reference.epochs(examples, one)
    return last.model()


def scores(model: LightFM, examples: Examples) -> np.ndarray:
    """Let LightFM itself predict."""
    users, items = (grid.ravel() for grid in np.indices(SHAPE))
    predicted: np.ndarray = model.predict(
        users.astype(np.int32), items.astype(np.int32), examples.item_features, examples.user_features
    )
    return predicted


def arrays(model: LightFM) -> dict[str, bytes]:
    return {name: value.tobytes() for name, value in vars(model).items() if isinstance(value, np.ndarray)}


@pytest.mark.parametrize(
    ("examples", "name"), [(drawn(), name) for name in SETTINGS] + [(hybrid(), "lightfm")], ids=[*SETTINGS, "hybrid"]
)
def test_its_scores_are_the_mean_of_the_models_scores(examples: Examples, name: str) -> None:
    settings = SETTINGS[name]
    model = trained(examples, settings)
    assert type(model) is LightFM
    assert model.no_components == 12
    several = [scores(alone(examples, settings, seed), examples) for seed in (42, 43, 44)]
    assert not np.allclose(several[0], several[1], atol=1e-3)
    np.testing.assert_allclose(scores(model, examples), np.mean(several, axis=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("examples", "name"), [(drawn(), name) for name in SETTINGS] + [(hybrid(), "lightfm")], ids=[*SETTINGS, "hybrid"]
)
def test_one_seed_gives_the_bytes_of_the_trainer_alone(examples: Examples, name: str) -> None:
    settings = SETTINGS[name].model_copy(update={"seeds": 1})
    assert arrays(trained(examples, settings)) == arrays(alone(examples, settings, 42))


@pytest.mark.parametrize("name", SETTINGS)
def test_threads_do_not_show_in_the_model(name: str) -> None:
    one = trained(drawn(), SETTINGS[name])
    for threads in (2, 3):
        assert arrays(trained(drawn(), SETTINGS[name], threads)) == arrays(one)


@pytest.mark.parametrize("examples", [drawn(), hybrid()], ids=["plain", "hybrid"])
def test_its_pickle_predicts_what_its_factors_score(examples: Examples) -> None:
    model = trained(examples, SETTINGS["lightfm"])
    loaded = pickle.loads(pickle.dumps(model))
    assert arrays(loaded) == arrays(model)
    users, items = (grid.ravel() for grid in np.indices(SHAPE))
    exact = FactorScorer(factors_of(model, examples)).exact(users, items)
    np.testing.assert_allclose(scores(loaded, examples), exact, atol=1e-6)


def test_every_epoch_is_that_of_all_models_together() -> None:
    examples, settings = drawn(), SETTINGS["core"]
    found = [(epoch.number, epoch.examples, epoch.violations) for epoch in fit(examples, settings)]
    single = [
        [(epoch.examples, epoch.violations) for epoch in fit(examples, settings.model_copy(update=one))]
        for one in ({"seeds": 1, "random_state": seed} for seed in (42, 43, 44))
    ]
    for number, (at, seen, violations) in enumerate(found):
        assert at == number + 1
        assert seen == sum(run[number][0] for run in single)
        assert violations == sum(run[number][1] or 0 for run in single)
    assert len(found) == settings.epochs


def test_after_the_last_seed_comes_the_first() -> None:
    examples = drawn()
    settings = SETTINGS["core"].model_copy(update={"seeds": 2, "random_state": 2**32 - 1})
    several = [scores(alone(examples, settings, seed), examples) for seed in (2**32 - 1, 0)]
    np.testing.assert_allclose(
        scores(trained(examples, settings), examples), np.mean(several, axis=0), rtol=1e-5, atol=1e-6
    )
