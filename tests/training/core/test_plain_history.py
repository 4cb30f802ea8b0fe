"""History WARP in plain Python, one example after another: slow, short, and what the compiled code must do."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from training.core.plain import Doubles, Side, below, random_bits

from recommender.settings.peers import HistorySettings
from recommender.training.core import EpochStats, HistoryTrainer
from recommender.training.core.histories import visits
from recommender.training.core.method import batch_size
from recommender.training.core.positives import number_items, read_positives

HistorySettingsOf = Callable[..., HistorySettings]
Example = tuple[int, int, int]
"""The place in the epoch's order, the position in the data, and the user."""


class PlainHistory:
    def __init__(self, interactions: sp.coo_matrix, settings: HistorySettings) -> None:
        self.settings, self.n_items = settings, interactions.shape[1]
        self.item_numbers = number_items(self.n_items, settings.random_state)
        self.data = read_positives(interactions, self.item_numbers)
        self.rows = np.split(self.data.items, self.data.row_starts[1:-1])
        random, shape = np.random.RandomState(settings.random_state), (self.n_items, settings.no_components)
        items, sources = ((random.rand(*shape) - 0.5) / settings.no_components for _ in range(2))
        ones = np.ones((self.n_items, settings.no_components + 1))
        self.items = Side(np.c_[items, np.zeros(self.n_items)], ones.copy(), -settings.item_alpha)
        self.sources = Side(sources, ones[:, :-1].copy(), -settings.item_alpha)

    def draw(self, user: Doubles, likes: set[int], item: int, key: int) -> tuple[int | None, int, float]:
        """Find a negative: which, after how many draws, with what loss."""
        scores = self.items.values[:, :-1] @ user + self.items.values[:, -1]
        for draw in range(self.settings.max_sampled):
            other = below(random_bits(key, draw // 2) >> 32 * (draw % 2), self.n_items)
            if scores[other] > scores[item] - 1 and other not in likes:
                return other, draw + 1, math.log(max(1, (self.n_items - 1) // (draw + 1)))
        return None, self.settings.max_sampled, 0.0

    def visit(self, examples: list[Example], epoch_key: int) -> tuple[list[Any], list[Any], int]:
        """Learn from a user's examples in a batch: give the steps of the items, of the sources, and the draws."""
        user_number, history = examples[0][2], self.rows[examples[0][2]].tolist()
        if len(history) < 2:
            return [], [], 0
        chosen, key = self.settings, random_bits(random_bits(epoch_key, 2), examples[0][0])
        weight = chosen.scale / (len(history) - 1) ** chosen.exponent / (1 - chosen.dropout)
        kept = [item for item in history if random_bits(key, item) >> 32 >= int(chosen.dropout * 2**32)]
        item_steps, gradients, all_draws = [], {}, 0
        for place, position, _ in examples:
            item = int(self.data.items[position])
            others = [other for other in kept if other != item]
            user = weight * self.sources.values[others].sum(axis=0)
            draw_key = random_bits(random_bits(epoch_key, 1), place)
            other, draws, loss = self.draw(user, set(self.rows[user_number].tolist()), item, draw_key)
            all_draws += draws
            if other is None:
                continue
            if self.data.weights is not None:
                loss *= float(self.data.weights[position])
            loss = min(loss, 10.0)
            gradient = loss * np.append(user, 1)
            item_steps += [(item, -gradient), (other, gradient)]
            gradients[item] = loss * weight * (self.items.values[other, :-1] - self.items.values[item, :-1])
        nothing = np.zeros(chosen.no_components)
        total = sum(gradients.values(), nothing)
        source_steps = [(item, total - gradients.get(item, nothing)) for item in kept] if gradients else []
        return item_steps, source_steps, all_draws

    def epoch(self, number: int) -> EpochStats:
        n, starts = len(self.data.items), self.data.row_starts
        n_batches = -(-n // batch_size(n, self.n_items))
        key = random_bits(self.settings.random_state, number)
        visits_of = visits(np.diff(starts))
        users = np.searchsorted(starts, np.arange(n), side="right") - 1

        def batch_of(position: int) -> int:
            user = int(users[position])
            visit = below(random_bits(random_bits(key, 0), position) >> 32, int(visits_of[user]))
            return below(random_bits(random_bits(random_bits(key, 3), user), visit) >> 32, n_batches)

        batches = [batch_of(position) for position in range(n)]
        order = [(place, p, int(users[p])) for place, p in enumerate(np.argsort(batches, kind="stable").tolist())]
        violations = draws = 0
        for _, batch in itertools.groupby(order, key=lambda example: batches[example[1]]):
            grouped = [list(examples) for _, examples in itertools.groupby(batch, key=lambda example: example[2])]
            learned = [self.visit(examples, key) for examples in grouped]
            for item_steps, source_steps, visit_draws in learned:
                violations, draws = violations + len(item_steps) // 2, draws + visit_draws
                for side, steps in ((self.items, item_steps), (self.sources, source_steps)):
                    for item, gradient in steps:
                        side.step(item, gradient, self.settings.learning_rate)
        return EpochStats(number + 1, n, violations, draws)

    def users(self) -> Doubles:
        scale, exponent = self.settings.scale, self.settings.exponent
        sums = [self.sources.values[row].sum(axis=0) * scale / max(len(row), 1) ** exponent for row in self.rows]
        return np.array(sums)


@pytest.fixture(scope="module")
def few(weighted: sp.coo_matrix) -> sp.coo_matrix:
    """Give the positives of users with none, one, some and many of 40 items."""
    matrix = weighted.tocsr()[:60, :40].tolil()
    matrix[3] = 0
    matrix[4] = 0
    matrix[4, 7] = 1
    matrix[5, :35] = 1.5
    return matrix.tocoo()


VARIANTS: list[dict[str, Any]] = [
    {},
    {"dropout": 0.0},
    {"dropout": 0.9, "exponent": 0.0},
    {"no_components": 17, "max_sampled": 100, "exponent": 1.3},
    {"no_components": 65, "max_sampled": 1, "scale": 5.0},
    {"item_alpha": 0.5},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("with_weights", [False, True])
def test_the_compiled_code_does_what_the_plain_code_does(
    with_weights: bool, variant: dict[str, Any], few: sp.coo_matrix, history_settings: HistorySettingsOf
) -> None:
    data = few if with_weights else sp.coo_matrix((np.ones_like(few.data), (few.row, few.col)), shape=few.shape)
    chosen = history_settings(**variant)
    plain, trainer = PlainHistory(data, chosen), HistoryTrainer(data, chosen, num_threads=2)
    for number in range(2):
        assert trainer.run_epoch() == plain.epoch(number)
    model, numbers = trainer.model(), plain.item_numbers
    for name, expected in {
        "user_embeddings": plain.users(),
        "item_embeddings": plain.items.values[numbers, :-1],
        "item_embedding_gradients": plain.items.sums[numbers, :-1],
        "item_biases": plain.items.values[numbers, -1],
        "item_bias_gradients": plain.items.sums[numbers, -1],
    }.items():
        np.testing.assert_allclose(getattr(model, name), expected, rtol=2e-3, atol=2e-4, err_msg=name)
    np.testing.assert_allclose(trainer.sources.embeddings, plain.sources.values[numbers], rtol=2e-3, atol=2e-4)
