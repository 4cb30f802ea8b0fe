"""LightFM's own fit: its very arrays, with clear errors where LightFM has none."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from lightfm import LightFM
from training.trained import by_lightfm

from recommender.errors import RecommenderError
from recommender.ranking.factor_scorer import FactorScorer
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples
from recommender.training.lightfm_arguments import lightfm_arguments
from recommender.training.reference import epochs
from recommender.training.representations import factors_of

DEFAULTS: dict[str, Any] = {
    "family": "lightfm", "settings": "given", "seeds": 1, "trainer": "lightfm", "loss": "warp", "no_components": 4,
    "epochs": 3, "learning_schedule": "adagrad", "learning_rate": 0.05, "rho": 0.95, "epsilon": 1e-6,
    "item_alpha": 0.0, "user_alpha": 0.0, "max_sampled": 10, "k": 2, "n": 4, "random_state": 42,
}  # fmt: skip


def settings(**changed: Any) -> TrainSettings:
    return TrainSettings(**DEFAULTS | changed)


@pytest.fixture
def interactions() -> sp.coo_matrix:
    """Some 200 entries, one in five a known negative."""
    random = np.random.RandomState(0)
    pairs = np.unique(np.stack([random.randint(30, size=250), random.randint(20, size=250)]), axis=1)
    pairs = pairs[:, random.permutation(pairs.shape[1])]
    signs = np.where(random.rand(pairs.shape[1]) < 0.2, -1, 1).astype(np.float32)
    return sp.coo_matrix((signs, (pairs[0], pairs[1])), shape=(30, 20))


def arrays(model: LightFM) -> dict[str, bytes]:
    return {name: value.tobytes() for name, value in vars(model).items() if isinstance(value, np.ndarray)}


@pytest.mark.parametrize("loss", ["warp", "bpr", "logistic", "warp-kos"])
def test_it_is_lightfms_fit_on_one_thread(loss: str, interactions: sp.coo_matrix) -> None:
    chosen = settings(loss=loss)
    model = LightFM(**lightfm_arguments(chosen))
    learned = interactions
    if loss != "logistic":
        kept = interactions.data > 0
        learned = sp.coo_matrix(
            (interactions.data[kept], (interactions.row[kept], interactions.col[kept])), shape=interactions.shape
        )
    model.fit(learned, epochs=3, num_threads=1)
    assert arrays(by_lightfm(interactions, chosen)) == arrays(model)


def test_weights_are_lightfms_sample_weights(interactions: sp.coo_matrix) -> None:
    weighted = sp.coo_matrix(
        (np.linspace(1, 3, interactions.nnz, dtype=np.float32), (interactions.row, interactions.col)),
        shape=interactions.shape,
    )
    model = LightFM(**lightfm_arguments(settings()))
    ones = sp.coo_matrix((np.ones(weighted.nnz, np.float32), (weighted.row, weighted.col)), shape=weighted.shape)
    model.fit(ones, sample_weight=weighted, epochs=3, num_threads=1)
    assert arrays(by_lightfm(weighted, settings())) == arrays(model)
    with pytest.raises(RecommenderError, match=r"'warp-kos', which knows no weights: set data\.weight to none"):
        by_lightfm(weighted, settings(loss="warp-kos"))


def test_it_leaves_the_callers_matrix_alone_and_starts_anew_each_time(interactions: sp.coo_matrix) -> None:
    before = interactions.data.tobytes()
    assert arrays(by_lightfm(interactions, settings())) == arrays(by_lightfm(interactions, settings()))
    assert interactions.data.tobytes() == before


def test_divergence_names_the_epoch_and_the_rate(interactions: sp.coo_matrix) -> None:
    with pytest.raises(RecommenderError, match=r"diverged in epoch \d: .* lower train\.learning_rate, which is 10{9}"):
        by_lightfm(interactions, settings(learning_rate=1e9))


def test_each_epoch_is_told(interactions: sp.coo_matrix) -> None:
    models = []
    for number, epoch in enumerate(epochs(Examples(interactions), settings()), start=1):
        assert epoch.number == number
        assert epoch.examples == np.count_nonzero(interactions.data > 0)
        assert set(epoch.figures) == {"examples/s"}
        models.append(arrays(epoch.model()))
    assert len(models) == 3
    assert models[0] != models[1] != models[2] == arrays(by_lightfm(interactions, settings()))


def test_factors_are_the_sums_of_the_features_that_lightfm_predicts_with(interactions: sp.coo_matrix) -> None:
    random = np.random.RandomState(1)
    users, items = (
        sp.csr_matrix(np.hstack([np.eye(n), random.rand(n, described) > 0.5]), dtype=np.float32)
        for n, described in ((30, 3), (20, 2))
    )
    examples = Examples(interactions, users, items)
    *_, last = epochs(examples, settings())
    model = last.model()
    scorer = FactorScorer(factors_of(model, examples))
    every_item = np.arange(20)
    for user in (0, 7, 29):
        expected = model.predict(user, every_item, item_features=items, user_features=users)
        np.testing.assert_allclose(scorer.exact(np.full(20, user), every_item), expected, rtol=1e-4, atol=1e-6)
