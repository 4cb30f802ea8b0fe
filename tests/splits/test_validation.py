"""What is set aside from the training data: of which users, and by which strategy."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.leave_last import leave_last
from recommender.splits.parts import Split
from recommender.splits.random_split import random_split
from recommender.splits.split_matrix import split_matrix
from recommender.splits.temporal_split import temporal_split
from recommender.splits.validation import split_again, validation


@pytest.mark.parametrize("dislike", [-1, -0.5, 0])
def test_only_users_with_two_positives_are_drawn(dislike: float) -> None:
    owned = -np.eye(40, 50, dtype=np.float32)  # everybody knows what they do not like
    owned[:, 49] = 1
    owned[[7, 23], 48] = 1
    matrix = sp.coo_matrix(owned)
    matrix.data[matrix.data < 0] = dislike
    for seed in range(20):
        parts = validation(matrix, 1, 0.5, seed)
        assert set(parts.test.row) < {7, 23}
        assert parts.test.nnz == 1
    assert set(validation(matrix, 2, 0.5, seed=0).test.row) == {7, 23}


def test_the_seed_decides_who_is_drawn() -> None:
    everything = sp.coo_matrix(np.ones((40, 4), dtype=np.float32))
    drawn = [frozenset(validation(everything, 5, 0.5, seed).test.row) for seed in range(10)]
    assert {len(users) for users in drawn} == {5}
    assert len(set(drawn)) == 10


def test_nothing_is_set_aside_where_nobody_has_two_positives() -> None:
    parts = validation(sp.coo_matrix(np.eye(3, dtype=np.float32)), 5, 0.5, seed=0)
    assert (parts.train.nnz, parts.test.nnz) == (3, 0)


def chosen(**changed: Any) -> SplitSettings:
    defaults = {"strategy": "random", "test_fraction": 0.25, "last_n": 2, "cold_users": False, "seed": 7}
    return SplitSettings.model_validate(defaults | changed)


def entries(matrix: sp.coo_matrix) -> list[tuple[int, int]]:
    return list(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True))


def cut(matrix: sp.coo_matrix, masks: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> list[list[tuple[int, int]]]:
    parts = Split.of(matrix, *masks)
    return [entries(parts.train), entries(parts.test)]


@pytest.mark.parametrize("strategy", ["random", "leave_last", "time", "given"])
def test_training_data_is_split_again_by_the_same_strategy_and_at_random_where_the_split_was_given(
    strategy: str,
) -> None:
    everything = sp.coo_matrix(np.ones((30, 20), dtype=np.float32))
    times = np.random.default_rng(0).permutation(everything.nnz)
    settings = chosen(strategy=strategy)
    parts = split_matrix(everything, times, settings, np.arange(everything.nnz) % 5 == 0)
    train, then = parts.train, times[parts.in_train]
    again = split_again(train, then, settings)
    expected = {
        "random": random_split(train, 0.25, 7),
        "leave_last": leave_last(train, then, 2),
        "time": temporal_split(train, then, 0.25),
        "given": random_split(train, 0.25, 7),
    }
    assert [entries(again.train), entries(again.test)] == cut(train, expected[strategy])
    assert not {*entries(again.train), *entries(again.test)} & set(entries(parts.test))


def test_new_users_are_validated_on_only_when_they_are_tested() -> None:
    train = sp.coo_matrix(np.array([[1, 1, 1], [1, 0, 0]], dtype=np.float32))
    times = np.array([1, 2, 4, 3])
    assert entries(split_again(train, times, chosen(strategy="time", test_fraction=0.5)).test) == [(0, 2)]
    cold = split_again(train, times, chosen(strategy="time", test_fraction=0.5, cold_users=True))
    assert entries(cold.test) == [(0, 2), (1, 0)]


@pytest.mark.parametrize("strategy", ["random", "leave_last", "time", "given"])
def test_training_data_too_small_to_validate_on_is_one_line(strategy: str) -> None:
    train = sp.coo_matrix(np.eye(3, dtype=np.float32) - np.eye(3, k=1, dtype=np.float32))
    with pytest.raises(RecommenderError) as caught:
        split_again(train, np.arange(train.nnz), chosen(strategy=strategy))
    assert str(caught.value) == (
        f"split.strategy '{strategy}' leaves nothing to validate on: 3 training positives of 3 users are too few; "
        "add interactions, or change the settings of split"
    )
