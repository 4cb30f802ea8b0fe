"""A plain LightFM model comes out, what goes in is checked, and what goes wrong is said."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from lightfm import LightFM
from training.trained import by_core

from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.training.core import Trainer, epochs
from recommender.training.core.method import batch_size, rank_losses
from recommender.training.lightfm_arguments import lightfm_arguments

Settings = Callable[..., TrainSettings]
Fingerprint = Callable[[LightFM], str]


def with_data(interactions: sp.coo_matrix, data: Any) -> sp.coo_matrix:
    values = np.broadcast_to(np.asarray(data, dtype=np.float32), interactions.data.shape).copy()
    return sp.coo_matrix((values, (interactions.row, interactions.col)), shape=interactions.shape)


def test_before_the_first_epoch_it_is_lightfms_own_start(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    start = LightFM(**lightfm_arguments(settings())).fit_partial(interactions, epochs=0)
    assert fingerprint(Trainer(interactions, settings()).model()) == fingerprint(start)


@pytest.mark.parametrize("loss", ["warp", "bpr"])
def test_it_learns_as_well_as_lightfm(loss: str, interactions: sp.coo_matrix, settings: Settings) -> None:
    held_out = np.random.RandomState(2).rand(interactions.nnz) < 0.2
    parts = [
        sp.coo_matrix((interactions.data[part], (interactions.row[part], interactions.col[part])), interactions.shape)
        for part in (~held_out, held_out)
    ]
    train, test = parts[0], parts[1].toarray() > 0

    def precision_at_10(model: LightFM) -> float:
        scores = model.user_embeddings @ model.item_embeddings.T + model.item_biases
        scores[train.toarray() > 0] = -np.inf
        best = np.argsort(-scores, axis=1)[:, :10]
        return float(np.take_along_axis(test, best, axis=1).mean())

    ours, reference = [], []
    for seed in range(5):
        chosen = settings(loss=loss, random_state=seed, epochs=20)
        ours.append(precision_at_10(by_core(train, chosen)))
        model = LightFM(**lightfm_arguments(chosen))
        reference.append(precision_at_10(model.fit(train, epochs=20, num_threads=1)))
    assert np.mean(reference) > 2 * test.mean()
    assert np.mean(ours) > 0.95 * np.mean(reference)


def test_the_model_predicts_and_can_be_trained_further(interactions: sp.coo_matrix, settings: Settings) -> None:
    model = by_core(interactions, settings())
    assert type(model) is LightFM
    scores = model.predict(3, np.arange(300))
    expected = model.item_embeddings @ model.user_embeddings[3] + model.item_biases + model.user_biases[3]
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-5)
    before = model.item_embeddings.copy()
    model.fit_partial(interactions, epochs=1)
    assert not np.array_equal(model.item_embeddings, before)
    assert np.isfinite(model.item_embeddings).all()


def test_a_pickled_model_needs_lightfm_alone(interactions: sp.coo_matrix, settings: Settings, tmp_path: Path) -> None:
    model = by_core(interactions, settings())
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    (tmp_path / "elsewhere.py").write_text(
        "import pickle, sys\n"
        "sys.modules['recommender'] = None  # importing it is an error from here on\n"
        "model = pickle.load(open(sys.argv[1], 'rb'))\n"
        "print(repr(float(model.predict([5], [7])[0])))\n"
    )
    command = [sys.executable, str(tmp_path / "elsewhere.py"), str(tmp_path / "model.pkl")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert float(printed) == float(model.predict([5], [7])[0])


def test_the_same_model_is_pickled_to_the_same_bytes(interactions: sp.coo_matrix, settings: Settings) -> None:
    one, other = (pickle.dumps(by_core(interactions, settings(), num_threads=threads)) for threads in (1, 2))
    assert one == other


def test_the_model_so_far_does_not_change_with_further_training(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    trainer = Trainer(interactions, settings())
    trainer.run_epoch()
    model = trainer.model()
    before = fingerprint(model)
    trainer.run_epoch()
    assert fingerprint(model) == before


def test_each_epoch_is_told_with_the_model_so_far(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    numbers, models = [], []
    for epoch in epochs(interactions, settings(epochs=3)):
        numbers.append(epoch.number)
        models.append(fingerprint(epoch.model()))
        assert epoch.examples == interactions.nnz
        assert epoch.violations is not None
        assert 0 < epoch.violations < epoch.examples
        assert set(epoch.figures) == {"examples/s", "violations"}
    assert numbers == [1, 2, 3]
    assert models[-1] == fingerprint(by_core(interactions, settings(epochs=3)))
    assert len(set(models)) == 3
    trainer = Trainer(interactions, settings())
    told = [trainer.run_epoch() for _ in range(3)]
    for stats in told:
        assert stats.examples < stats.draws <= 10 * stats.examples
    assert told[-1].violations < told[0].violations


def test_weights_of_one_are_no_weights_and_others_count(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    plain = fingerprint(by_core(interactions, settings()))
    ints = sp.coo_matrix((np.ones(interactions.nnz, dtype=np.int64), (interactions.row, interactions.col)))
    assert fingerprint(by_core(ints, settings())) == plain
    doubled = fingerprint(by_core(with_data(interactions, 2), settings()))
    assert doubled != plain
    whole_numbers = sp.coo_matrix((2 * ints.data, (interactions.row, interactions.col)))
    assert fingerprint(by_core(whole_numbers, settings())) == doubled


def test_a_positive_of_little_weight_is_learned_less(interactions: sp.coo_matrix, settings: Settings) -> None:
    light = interactions.col < 150
    weights = np.where(light, 0.01, 1).astype(np.float32)
    model, unweighted = (by_core(with_data(interactions, data), settings()) for data in (weights, 1))
    assert model.item_biases[:150].mean() < unweighted.item_biases[:150].mean()
    assert model.item_biases[150:].mean() > unweighted.item_biases[150:].mean()


def test_the_callers_matrix_is_left_alone(weighted: sp.coo_matrix, settings: Settings) -> None:
    copy = weighted.copy()
    by_core(weighted, settings(epochs=1))
    for name in ("row", "col", "data"):
        np.testing.assert_array_equal(getattr(weighted, name), getattr(copy, name))


def test_who_likes_everything_and_who_likes_nothing_are_no_trouble(settings: Settings) -> None:
    matrix = sp.coo_matrix(np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0]], dtype=np.float32))
    for loss in ("warp", "bpr"):
        start, model = Trainer(matrix, settings(loss=loss)).model(), by_core(matrix, settings(loss=loss))
        np.testing.assert_array_equal(model.user_embeddings[:2], start.user_embeddings[:2])
        assert not np.array_equal(model.user_embeddings[2], start.user_embeddings[2])
    one_item = by_core(sp.coo_matrix(np.ones((2, 1), dtype=np.float32)), settings())
    assert np.isfinite(one_item.item_embeddings).all()


@pytest.mark.parametrize("loss", ["warp", "bpr"])
def test_divergence_names_the_epoch_and_the_rate_and_leaves_no_model(
    loss: str, interactions: sp.coo_matrix, settings: Settings
) -> None:
    trainer = Trainer(interactions, settings(loss=loss, learning_rate=1e9))
    with pytest.raises(RecommenderError, match=r"diverged in epoch 1: .* lower train\.learning_rate, which is 10{9}"):
        trainer.run_epoch()
    for use in (trainer.run_epoch, trainer.model):
        with pytest.raises(RecommenderError, match="half-made; train a new one"):
            use()


def test_what_the_core_cannot_train_is_refused(interactions: sp.coo_matrix, settings: Settings) -> None:
    with pytest.raises(RecommenderError, match=r"cannot be used: train\.loss is 'logistic'"):
        Trainer(interactions, settings(loss="logistic"))
    with pytest.raises(RecommenderError, match="num_threads must be at least 1, and is 0"):
        Trainer(interactions, settings(), num_threads=0)
    with pytest.raises(ValueError, match="this CPU has no instruction set 'abacus'"):
        Trainer(interactions, settings(), instruction_set="abacus").run_epoch()


def test_warps_loss_is_the_logarithm_of_the_estimated_rank() -> None:
    expected = np.log(np.maximum(1, 999 // np.arange(1, 101))).astype(np.float32)
    np.testing.assert_array_equal(rank_losses(n_items=1000, max_sampled=100), expected)
    assert len(rank_losses(n_items=5, max_sampled=100)) == 5


def test_batches_are_a_rule_of_the_data_within_bounds() -> None:
    assert batch_size(n_positives=10, n_items=3) == 16
    assert batch_size(n_positives=1_000_000, n_items=3700) == 3700
    assert batch_size(n_positives=100_000, n_items=9000) == 390
    assert batch_size(n_positives=10**9, n_items=10**6) == 4096
