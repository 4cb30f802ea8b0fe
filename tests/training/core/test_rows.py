"""Rows for the compiled code: what goes in comes out, and they begin on a cache line."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from recommender.training.core.rows import Floats, Rows


def arrays(n: int, no_components: int) -> tuple[Floats, Floats, Floats, Floats]:
    random = np.random.RandomState(n)
    shapes: tuple[tuple[int, ...], ...] = ((n, no_components), (n, no_components), (n,), (n,))
    one, two, three, four = (random.rand(*shape).astype(np.float32) for shape in shapes)
    return one, two, three, four


@limits(max_examples=50, deadline=None)
@given(n=st.integers(1, 20), no_components=st.integers(1, 70))
def test_what_goes_in_comes_out(n: int, no_components: int) -> None:
    before = arrays(n, no_components)
    rows = Rows.of(*before)
    for expected, found in zip(before, rows.arrays(no_components), strict=True):
        np.testing.assert_array_equal(found, expected)
        assert not np.shares_memory(found, expected)
    assert rows.embeddings.ctypes.data % 64 == 0
    assert rows.accumulators.ctypes.data % 64 == 0
    assert rows.embeddings.shape[1] % 16 == 0
    assert (rows.embeddings[:, no_components:] == 0).all()
    assert np.isposinf(rows.accumulators[:, no_components:]).all()


def spoil_embedding(rows: Rows) -> None:
    rows.embeddings[2, 3] = np.nan


def spoil_accumulator(rows: Rows) -> None:
    rows.accumulators[2, 3] = np.inf


def spoil_bias(rows: Rows) -> None:
    rows.biases[2] = -np.inf


def spoil_bias_accumulator(rows: Rows) -> None:
    rows.bias_accumulators[2] = np.nan


@pytest.mark.parametrize("spoil", [spoil_embedding, spoil_accumulator, spoil_bias, spoil_bias_accumulator])
def test_one_value_that_is_not_finite_is_seen(spoil: Callable[[Rows], None]) -> None:
    rows = Rows.of(*arrays(5, 10))
    assert rows.are_finite(10)
    spoil(rows)
    assert not rows.are_finite(10)
