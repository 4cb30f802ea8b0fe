"""The method in plain Python, one example after another: slow, short, and what the compiled code must do."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from training.core.plain import Doubles, Side, below, random_bits

from recommender.settings.train import TrainSettings
from recommender.training.core import EpochStats, Trainer
from recommender.training.core.method import batch_size
from recommender.training.core.positives import number_items, read_positives

Settings = Callable[..., TrainSettings]


class Plain:
    def __init__(self, interactions: sp.coo_matrix, settings: TrainSettings) -> None:
        self.settings, self.n_items = settings, interactions.shape[1]
        self.item_numbers = number_items(self.n_items, settings.random_state)
        self.data = read_positives(interactions, self.item_numbers)
        start, item_at = Trainer(interactions, settings).model(), np.argsort(self.item_numbers)
        users, items = np.c_[start.user_embeddings, start.user_biases], np.c_[start.item_embeddings, start.item_biases]
        self.users = Side(users.astype(float), np.ones(users.shape), settings.user_alpha)
        self.items = Side(items[item_at].astype(float), np.ones(items.shape), settings.item_alpha)
        self.rows = [set(row) for row in np.split(self.data.items.tolist(), self.data.row_starts[1:-1])]

    def score(self, user: int, item: int) -> float:
        likes = float(self.users.values[user, :-1] @ self.items.values[item, :-1])
        return self.users.scale * self.items.scale * likes + self.items.scale * float(self.items.values[item, -1])

    def draw(self, user: int, item: int, key: int) -> tuple[int | None, int, float]:
        """Find a negative: which, after how many draws, with what loss."""
        if self.settings.loss == "bpr":
            for draw in range(100):
                other = int(self.data.items[random_bits(key, draw) % len(self.data.items)])
                if other not in self.rows[user]:
                    return other, draw + 1, 1 / (1 + math.exp(self.score(user, item) - self.score(user, other)))
            return None, 100, 0.0
        threshold = self.score(user, item) - 1
        for draw in range(self.settings.max_sampled):
            other = below(random_bits(key, draw // 2) >> 32 * (draw % 2), self.n_items)
            if self.score(user, other) > threshold and other not in self.rows[user]:
                return other, draw + 1, math.log(max(1, (self.n_items - 1) // (draw + 1)))
        return None, self.settings.max_sampled, 0.0

    def batch(self, examples: list[tuple[int, int]], key: int) -> tuple[int, int]:
        rate, width = self.settings.learning_rate, self.settings.no_components + 1
        starts, users, items = self.data.row_starts, self.users, self.items
        item_steps: list[tuple[int, Doubles]] = []
        violations, all_draws, growth = 0, 0, [1.0, 1.0]
        for place, position in examples:
            user = int(np.searchsorted(starts, position, side="right")) - 1
            item = int(self.data.items[position])
            other, draws, loss = self.draw(user, item, random_bits(key, place))
            all_draws += draws
            if other is None:
                continue
            violations += 1
            if self.data.weights is not None:
                loss *= float(self.data.weights[position])
            if self.settings.loss == "warp":
                loss = min(loss, 10.0)
            item_gradient = np.append(loss * users.scale * users.values[user, :-1], loss)
            item_steps += [(item, -item_gradient), (other, item_gradient)]
            difference = items.scale * (items.values[other, :-1] - items.values[item, :-1])
            rates = users.step(user, np.append(loss * difference, loss), rate)
            rates += float((rate / np.sqrt(items.sums[[item, other]])).sum())
            growth[0] *= 1 + users.alpha * rates / (3 * width)
            growth[1] *= 1 + items.alpha * rates / (3 * width)
        for item, gradient in item_steps:
            items.step(item, gradient, rate)
        users.scale, items.scale = users.scale * growth[0], items.scale * growth[1]
        return violations, all_draws

    def epoch(self, number: int) -> EpochStats:
        n = len(self.data.items)
        n_batches = -(-n // batch_size(n, self.n_items))
        key = random_bits(self.settings.random_state, number)
        batch_of = [below(random_bits(random_bits(key, 0), position) >> 32, n_batches) for position in range(n)]
        order = list(enumerate(np.argsort(batch_of, kind="stable").tolist()))
        violations, draws = 0, 0
        for batch in range(n_batches):
            if max(self.users.scale, self.items.scale) > 1e6:
                self.apply_scales()
            examples = [(place, position) for place, position in order if batch_of[position] == batch]
            found = self.batch(examples, random_bits(key, 1))
            violations, draws = violations + found[0], draws + found[1]
        self.apply_scales()
        return EpochStats(number + 1, n, violations, draws)

    def apply_scales(self) -> None:
        for side in (self.users, self.items):
            side.values /= side.scale
            side.scale = 1.0


@pytest.fixture(scope="module")
def few(weighted: sp.coo_matrix) -> sp.coo_matrix:
    matrix: sp.coo_matrix = weighted.tocsr()[:60, :40].tocoo()
    return matrix


VARIANTS: list[dict[str, Any]] = [
    {},
    {"loss": "bpr"},
    {"no_components": 17, "max_sampled": 100},
    {"no_components": 33, "max_sampled": 1},
    {"item_alpha": 0.01, "user_alpha": 0.02},
    {"loss": "bpr", "user_alpha": 0.02},
    {"item_alpha": 20.0, "learning_rate": 0.02},  # so strong that the scales are applied within an epoch
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("with_weights", [False, True])
def test_the_compiled_code_does_what_the_plain_code_does(
    with_weights: bool, variant: dict[str, Any], few: sp.coo_matrix, settings: Settings
) -> None:
    data = few if with_weights else sp.coo_matrix((np.ones_like(few.data), (few.row, few.col)), shape=few.shape)
    chosen = settings(**variant)
    plain, trainer = Plain(data, chosen), Trainer(data, chosen, num_threads=2)
    for number in range(2):
        assert trainer.run_epoch() == plain.epoch(number)
    model, numbers = trainer.model(), plain.item_numbers
    for name, expected in {
        "user_embeddings": plain.users.values[:, :-1],
        "user_embedding_gradients": plain.users.sums[:, :-1],
        "user_biases": plain.users.values[:, -1],
        "user_bias_gradients": plain.users.sums[:, -1],
        "item_embeddings": plain.items.values[numbers, :-1],
        "item_embedding_gradients": plain.items.sums[numbers, :-1],
        "item_biases": plain.items.values[numbers, -1],
        "item_bias_gradients": plain.items.sums[numbers, -1],
    }.items():
        np.testing.assert_allclose(getattr(model, name), expected, rtol=2e-3, atol=2e-4, err_msg=name)
