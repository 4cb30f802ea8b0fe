"""Interactions in compressed rows: every positive once, wherever it stood."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from recommender.errors import RecommenderError
from recommender.training.core.positives import number_items, read_positives

NUMBERS = number_items(5, random_state=0)


def matrix(rows: list[int], columns: list[int], data: list[float], shape: tuple[int, int] = (4, 5)) -> sp.coo_matrix:
    where = (np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32))
    return sp.coo_matrix((np.array(data, dtype=np.float32), where), shape=shape)


@limits(max_examples=50, deadline=None)
@given(
    dense=st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.RandomState(seed).choice([0, 0, 0, -1, 1, 2.5], size=(7, 9)).astype(np.float32)
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_positive_is_there_once_with_its_weight(dense: np.ndarray, seed: int) -> None:
    dense[0, 0] = 1
    numbers = number_items(9, seed)
    positives = read_positives(sp.coo_matrix(dense), numbers)
    weights = np.ones_like(positives.items, dtype=np.float32) if positives.weights is None else positives.weights
    again = sp.csr_matrix((weights, positives.items, positives.row_starts), shape=dense.shape).toarray()
    np.testing.assert_array_equal(again[:, numbers], np.maximum(dense, 0))
    assert sorted(numbers) == list(range(9))
    for user in range(7):
        row = positives.items[positives.row_starts[user] : positives.row_starts[user + 1]]
        assert (np.diff(row) > 0).all()
    assert len(positives.row_starts) == 8


def test_types_are_those_that_the_compiled_code_reads() -> None:
    positives = read_positives(matrix([0, 1], [0, 1], [1, 2]), NUMBERS)
    assert positives.row_starts.dtype == np.int64
    assert positives.items.dtype == np.int32
    assert positives.weights is not None
    assert positives.weights.dtype == np.float32
    assert read_positives(matrix([0, 1], [0, 1], [1, 1]), NUMBERS).weights is None


@pytest.mark.parametrize(
    ("interactions", "message"),
    [
        (matrix([0, 2], [0, 3], [1, np.nan]), r"an interaction is nan \(user 2, item 3\); weights must be finite"),
        (matrix([0, 2], [0, 3], [1, -np.inf]), r"an interaction is -inf \(user 2, item 3\)"),
        (matrix([0, 2], [0, 3], [-1, 0]), "no positive interactions to learn from"),
        (matrix([], [], []), "no positive interactions to learn from"),
        (matrix([1, 1, 2], [4, 4, 4], [1, 2, 1]), "1 of 3 interactions repeat the user and the item of another"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(interactions: sp.coo_matrix, message: str) -> None:
    with pytest.raises(RecommenderError, match=message):
        read_positives(interactions, NUMBERS)


def test_an_entry_outside_of_the_matrix_is_refused() -> None:
    broken = matrix([0, 1], [0, 1], [1, 1])
    broken.col[1] = 5
    with pytest.raises(RecommenderError, match="outside of the 4 users and 5 items"):
        read_positives(broken, NUMBERS)
