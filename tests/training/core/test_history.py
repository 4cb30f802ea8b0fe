"""History WARP: the same bytes whoever computes them, a plain model, and users that come later."""

import collections
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from lightfm import LightFM

from recommender.errors import RecommenderError
from recommender.settings.peers import HistorySettings
from recommender.training.core import HistoryTrainer, Sources, _native, epochs
from recommender.training.core.histories import visits
from recommender.training.core.sources import sum_weights

HistorySettingsOf = Callable[..., HistorySettings]
Fingerprint = Callable[[LightFM], str]


def trained(interactions: sp.coo_matrix, settings: HistorySettings, num_threads: int = 1) -> LightFM:
    *_, last = epochs(interactions, settings, num_threads)
    return last.model()


VARIANTS: list[dict[str, Any]] = [
    {},
    {"no_components": 64},
    {"no_components": 100, "max_sampled": 3, "dropout": 0.0},
    {"item_alpha": 1e-3, "exponent": 0.0, "scale": 0.5},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_threads_and_instruction_sets_do_not_show_in_the_model(
    variant: dict[str, Any], weighted: sp.coo_matrix, history_settings: HistorySettingsOf, fingerprint: Fingerprint
) -> None:
    chosen = history_settings(**variant)

    def of(threads: int, instruction_set: str) -> str:
        trainer = HistoryTrainer(weighted, chosen, threads, instruction_set)
        for _ in range(2):
            trainer.run_epoch()
        return fingerprint(trainer.model())

    tried = {key: of(*key) for key in itertools.product((1, 2, 3, 5), _native.instruction_sets())}
    assert len(set(tried.values())) == 1, tried


def test_the_model_is_that_of_every_build(
    weighted: sp.coo_matrix, history_settings: HistorySettingsOf, fingerprint: Fingerprint
) -> None:
    model = fingerprint(trained(weighted, history_settings(epochs=2, item_alpha=1e-3), num_threads=2))
    assert model[:16] == "921575f48755541f"


def test_the_order_of_the_entries_does_not_show_in_the_model_and_the_seed_does(
    weighted: sp.coo_matrix, history_settings: HistorySettingsOf, fingerprint: Fingerprint
) -> None:
    other_order = weighted.tocsc().tocoo()
    assert (other_order.row != weighted.row).any()
    model = fingerprint(trained(weighted, history_settings()))
    assert fingerprint(trained(other_order, history_settings(), num_threads=2)) == model
    assert fingerprint(trained(weighted, history_settings(random_state=1))) != model


def test_each_epoch_is_told_with_the_model_so_far(
    interactions: sp.coo_matrix, history_settings: HistorySettingsOf, fingerprint: Fingerprint
) -> None:
    numbers, models, violations = [], [], []
    for epoch in epochs(interactions, history_settings(epochs=3)):
        numbers.append(epoch.number)
        models.append(fingerprint(epoch.model()))
        violations.append(epoch.violations or 0)
        assert epoch.examples == interactions.nnz
    assert numbers == [1, 2, 3]
    assert len(set(models)) == 3
    assert interactions.nnz > violations[0] > violations[2] > 0
    assert models[1] == fingerprint(trained(interactions, history_settings(epochs=2)))


def test_it_recommends_better_than_popularity(interactions: sp.coo_matrix, history_settings: HistorySettingsOf) -> None:
    held_out = np.random.RandomState(2).rand(interactions.nnz) < 0.2
    parts = [
        sp.coo_matrix((interactions.data[part], (interactions.row[part], interactions.col[part])), interactions.shape)
        for part in (~held_out, held_out)
    ]
    train, test = parts[0], parts[1].toarray() > 0

    def precision_at_10(scores: np.ndarray) -> float:
        best = np.argsort(-np.where(train.toarray() > 0, -np.inf, scores), axis=1)[:, :10]
        return float(np.take_along_axis(test, best, axis=1).mean())

    model = trained(train, history_settings(epochs=20))
    ours = precision_at_10(model.user_embeddings @ model.item_embeddings.T + model.item_biases)
    popularity = precision_at_10(np.broadcast_to(train.sum(axis=0), train.shape))
    assert ours > 2 * popularity


def test_the_model_is_a_plain_one_that_predicts(
    interactions: sp.coo_matrix, history_settings: HistorySettingsOf
) -> None:
    model = trained(interactions, history_settings())
    assert type(model) is LightFM
    expected = model.item_embeddings @ model.user_embeddings[3] + model.item_biases
    np.testing.assert_allclose(model.predict(3, np.arange(300)), expected, rtol=1e-4, atol=1e-5)
    assert not model.user_biases.any()
    arrays = {name: value for name, value in vars(model).items() if isinstance(value, np.ndarray)}
    fresh = vars(LightFM(no_components=10).fit_partial(interactions, epochs=0))
    assert {(name, value.shape, value.dtype) for name, value in arrays.items()} == {
        (name, value.shape, value.dtype) for name, value in fresh.items() if isinstance(value, np.ndarray)
    }
    again = trained(interactions, history_settings(), num_threads=2)
    assert pickle.dumps(again) == pickle.dumps(model)


def test_a_history_gives_the_bytes_of_the_user_who_has_it(
    weighted: sp.coo_matrix, history_settings: HistorySettingsOf
) -> None:
    trainer = HistoryTrainer(weighted, history_settings(no_components=17))
    trainer.run_epoch()
    users, sources = trainer.model().user_embeddings, trainer.sources
    histories = weighted.tocsr()
    for user in (0, 7, 399):
        row = histories[user]
        np.testing.assert_array_equal(sources.users(row), users[[user]])
        backwards = sp.csr_matrix((row.data[::-1], row.indices[::-1], row.indptr), shape=row.shape)
        np.testing.assert_array_equal(sources.users(backwards), users[[user]])
    before = users.copy()
    trainer.run_epoch()
    np.testing.assert_array_equal(sources.users(histories), before)


@limits(max_examples=50, deadline=None)
@given(
    embeddings=st.tuples(st.integers(1, 9), st.integers(1, 40), st.integers(0, 2**32 - 1)).map(
        lambda drawn: np.random.RandomState(drawn[2]).randn(drawn[0], drawn[1]).astype(np.float32)
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_sum_is_taken_item_after_item(embeddings: np.ndarray, seed: int) -> None:
    liked = np.random.RandomState(seed).rand(5, len(embeddings)) < 0.5
    for history, user in zip(liked, Sources(embeddings, 2.5, 0.5).users(sp.csr_matrix(liked)), strict=True):
        total = np.zeros(embeddings.shape[1], dtype=np.float32)
        for row in embeddings[history]:
            total = total + row
        weight = np.float32(2.5 / history.sum() ** 0.5) if history.any() else np.float32(0)
        np.testing.assert_array_equal(user, total * weight)


def test_what_is_not_positive_is_in_no_history() -> None:
    sources = Sources(np.eye(3, dtype=np.float32), 1.0, 0.0)
    np.testing.assert_array_equal(sources.users(sp.csr_matrix([[2.0, -1.0, 0.0], [0, 0, 0]])), [[1, 0, 0], [0, 0, 0]])


def test_sums_are_weighed_by_a_power_of_their_length() -> None:
    lengths = np.array([4, 0, 1, 4, 9])
    np.testing.assert_array_equal(sum_weights(lengths, 3.0, 0.5), [1.5, 0, 3, 1.5, 1])
    np.testing.assert_array_equal(sum_weights(lengths, 3.0, 0.0), [3, 0, 3, 3, 3])
    expected = (0.7 / np.arange(1, 3000) ** 0.83).astype(np.float32)
    np.testing.assert_array_equal(sum_weights(np.arange(1, 3000), 0.7, 0.83), expected)


def test_who_has_one_item_or_everything_or_nothing_teaches_nothing(history_settings: HistorySettingsOf) -> None:
    matrix = sp.coo_matrix(np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32))
    trainer = HistoryTrainer(matrix, history_settings(), num_threads=2)
    before = trainer.model()
    assert trainer.run_epoch().violations == 0
    after = trainer.model()
    for name in ("user_embeddings", "item_embeddings", "item_biases"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    assert not after.user_embeddings[1].any()
    assert after.user_embeddings[2].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (5, 1), (2, 2)], ids=str)
def test_the_smallest_data_gives_a_finite_model(
    shape: tuple[int, int], history_settings: HistorySettingsOf, fingerprint: Fingerprint
) -> None:
    matrix = sp.coo_matrix(np.ones(shape, dtype=np.float32))
    one, other = (trained(matrix, history_settings(), threads) for threads in (1, 5))
    assert np.isfinite(one.user_embeddings).all()
    assert fingerprint(one) == fingerprint(other)


def test_two_items_are_enough_to_learn_from_the_history(history_settings: HistorySettingsOf) -> None:
    pairs = np.kron(np.eye(4), np.ones((1, 2))).astype(np.float32)  # each has two items that nobody else has
    interactions = sp.coo_matrix(np.repeat(pairs, 5, axis=0))
    trainer = HistoryTrainer(interactions, history_settings(epochs=100, dropout=0.0))
    for _ in range(100):
        trainer.run_epoch()
    user = trainer.sources.users(sp.csr_matrix(([1.0], ([0], [4])), shape=(1, 8)))[0]
    model = trainer.model()
    scores = model.item_embeddings @ user + model.item_biases
    assert max(set(range(8)) - {4}, key=lambda item: float(scores[item])) == 5


def test_divergence_names_the_epoch_and_the_rate_and_leaves_no_model(
    interactions: sp.coo_matrix, history_settings: HistorySettingsOf
) -> None:
    trainer = HistoryTrainer(interactions, history_settings(learning_rate=1e9))
    message = r"diverged in epoch \d: .* lower peers\.history\.learning_rate, which is 10{9}"
    with pytest.raises(RecommenderError, match=message):
        collections.deque(trainer.run_epochs(9))
    for use in (trainer.run_epoch, trainer.model, lambda: trainer.sources):
        with pytest.raises(RecommenderError, match="half-made; train a new one"):
            use()


def test_a_penalty_keeps_what_is_learned_small(
    interactions: sp.coo_matrix, history_settings: HistorySettingsOf
) -> None:
    free, held = (trained(interactions, history_settings(item_alpha=alpha)) for alpha in (0.0, 1.0))
    for name in ("item_embeddings", "item_biases", "user_embeddings"):
        assert np.abs(getattr(held, name)).mean() < 0.9 * np.abs(getattr(free, name)).mean(), name


def test_visits_are_a_rule_of_the_number_of_positives_within_bounds() -> None:
    assert visits(np.array([0, 1, 31, 32, 100, 10**6])).tolist() == [1, 1, 1, 2, 6, 8]
