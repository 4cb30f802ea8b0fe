"""Factors state a bound that holds, and refuse what cannot be ranked."""

from dataclasses import fields, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import RecommenderError
from recommender.ranking.factors import Factors
from recommender.ranking.topk import top_k

NAMES = [field.name for field in fields(Factors)]


def drawn(n_users: int, n_items: int, components: int, scale: float, seed: int) -> Factors:
    """Draw numbers of very different sizes, many of which cancel out."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return (rng.choice([-1, 1], size=shape) * scale * np.exp2(rng.uniform(-12, 4, size=shape))).astype(np.float32)

    return Factors(numbers(n_users, components), numbers(n_users), numbers(n_items, components), numbers(n_items))


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from([0, 1, 3, 16, 64, 200]),
    st.sampled_from([1e-30, 1e-19, 1e-3, 1.0, 1e6, 1e15]),
    st.integers(0, 2**16),
    st.booleans(),
)
def test_no_score_of_a_block_is_further_from_the_exact_one_than_the_margin(
    components: int, scale: float, seed: int, precise: bool
) -> None:
    factors = drawn(8, 60, components, scale, seed)
    users = np.arange(8)
    scores, margin = factors.block(users, precise=precise)
    row, item = np.divmod(np.arange(480), 60)
    exact = factors.exact(row, item).reshape(8, 60).astype(np.float64)
    assert scores.dtype == margin.dtype == np.float32
    assert (np.abs(scores.astype(np.float64) - exact) <= margin[:, None]).all()


@settings(deadline=None, max_examples=20)
@given(st.sampled_from([0, 1, 7, 64]), st.integers(0, 2**16))
def test_the_exact_score_is_the_dot_product_to_the_last_bit_of_float32(components: int, seed: int) -> None:
    factors = drawn(3, 5, components, 1.0, seed)
    for user, item in np.ndindex(3, 5):
        terms = [
            Fraction(float(a)) * Fraction(float(b))
            for a, b in zip(factors.user_embeddings[user], factors.item_embeddings[item], strict=True)
        ]
        truth = sum(terms, Fraction(float(factors.user_biases[user]))) + Fraction(float(factors.item_biases[item]))
        found = factors.exact(np.array([user]), np.array([item]))[0]
        sizes = float(sum(map(abs, terms), Fraction(0))) + abs(float(factors.user_biases[user]))
        sizes += abs(float(factors.item_biases[item]))
        assert abs(float(found) - float(truth)) <= np.spacing(abs(found)) / 2 + 1e-13 * sizes


def test_the_exact_score_of_a_pair_does_not_depend_on_what_else_is_asked() -> None:
    factors = drawn(5, 40, 33, 1.0, seed=7)
    row, item = np.divmod(np.arange(200), 40)
    together = factors.exact(row, item)
    alone = np.concatenate([factors.exact(row[at : at + 1], item[at : at + 1]) for at in range(200)])
    assert together.tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused_by_name(name: str, value: float) -> None:
    factors = drawn(3, 4, 2, 1.0, seed=0)
    broken = getattr(factors, name).copy()
    broken.flat[-1] = value
    with pytest.raises(RecommenderError, match=f"{name} are not all finite.*train.learning_rate"):
        replace(factors, **{name: broken})


def test_scores_too_large_for_float32_are_refused() -> None:
    factors = drawn(3, 40, 4, 1e19, seed=0)
    with pytest.raises(RecommenderError, match="too large for float32"):
        top_k(factors, np.arange(3), 2)
