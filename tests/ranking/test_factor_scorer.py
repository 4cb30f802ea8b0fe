"""A factor model states a bound that holds, and refuses what cannot be ranked."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import RecommenderError
from recommender.files.factors import Factors
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.top_k import top_k


def drawn(n_users: int, n_items: int, components: int, scale: float, seed: int) -> FactorScorer:
    """Draw numbers of very different sizes, many of which cancel out."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return (rng.choice([-1, 1], size=shape) * scale * np.exp2(rng.uniform(-12, 4, size=shape))).astype(np.float32)

    return FactorScorer(
        Factors(numbers(n_users, components), numbers(n_users), numbers(n_items, components), numbers(n_items))
    )


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
    scorer = drawn(8, 60, components, scale, seed)
    users = np.arange(8)
    scores, margin = scorer.block(users, precise=precise)
    row, item = np.divmod(np.arange(480), 60)
    exact = scorer.exact(row, item).reshape(8, 60).astype(np.float64)
    assert scores.dtype == margin.dtype == np.float32
    assert (np.abs(scores.astype(np.float64) - exact) <= margin[:, None]).all()


@pytest.mark.parametrize("components", [1, 2, 5, 30])
@pytest.mark.parametrize("scales", [(2.0**-70, 2.0**-70), (1.0, 1.0), (1e15, 1e15), (1e-30, 1e20)])
@pytest.mark.parametrize("precise", [False, True])
def test_the_margin_is_the_bound_of_the_literature_and_hardly_more(
    components: int, scales: tuple[float, float], precise: bool
) -> None:
    """The worst case of Cauchy-Schwarz: all embeddings point the same way."""
    one = np.float32(scales[0]) * np.float32(scales[1])
    users = np.outer([1, 2, 3], np.full(components, scales[0])).astype(np.float32)
    items = np.full((2, components), scales[1], dtype=np.float32)
    scorer = FactorScorer(Factors(users, np.full(3, -5 * one), items, np.full(2, -7 * one)))
    _, margin = scorer.block(np.array([2, 0]), precise=precise)
    terms, unit, smallest = components + 2, Fraction(1, 2**24), Fraction(1, 2**126)
    for found, user in zip(margin, [3, 1], strict=True):
        sizes = (user * components + 5 + 7) * Fraction(float(one))
        # Each of the two scores is rounded to float32, and twice more whoever adds a margin rounds; the fast product
        # rounds at each term as well. What is too small for float32 may be taken for 0 at each term.
        least = (4 if precise else 4 + terms) * unit * sizes + terms * smallest
        assert least <= Fraction(float(found)) <= least * Fraction(102, 100)


@pytest.mark.parametrize("precise", [False, True])
def test_the_margin_holds_where_a_sum_in_float32_loses_every_small_term(precise: bool) -> None:
    terms = np.repeat([2.0**18, 0.25], [64, 4000])
    rows = np.repeat(np.sqrt(terms)[None].astype(np.float32), 40, axis=0)
    scorer = FactorScorer(Factors(rows[:16], np.zeros(16, np.float32), rows, np.zeros(40, np.float32)))
    scores, margin = scorer.block(np.arange(16), precise=precise)
    exact = scorer.exact(*np.divmod(np.arange(16 * 40), 40)).reshape(16, 40)
    assert (np.abs(scores - exact) <= margin[:, None]).all()


def test_without_users_or_items_there_is_nothing_to_rank_and_no_error() -> None:
    factors = drawn(3, 4, 2, 1.0, seed=0).factors
    no_items = replace(
        factors,
        user_biases=np.zeros(3, np.float32),
        item_embeddings=factors.item_embeddings[:0],
        item_biases=factors.item_biases[:0],
    )
    scores, margin = FactorScorer(no_items).block(np.arange(3))
    assert scores.shape == (3, 0)
    assert (margin >= 0).all()
    no_users = replace(factors, user_embeddings=factors.user_embeddings[:0], user_biases=factors.user_biases[:0])
    assert FactorScorer(no_users).block(np.arange(0))[0].shape == (0, 4)


def test_how_many_products_are_held_at_a_time_cannot_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = drawn(5, 40, 33, 1.0, seed=7)
    row, item = np.divmod(np.arange(200), 40)
    expected = scorer.exact(row, item)
    for cells in (1, 33 * 7, 33 * 200):
        monkeypatch.setattr("recommender.ranking.factor_scorer._CELLS", cells)
        assert scorer.exact(row, item).tobytes() == expected.tobytes()


@settings(deadline=None, max_examples=20)
@given(st.sampled_from([0, 1, 7, 64]), st.integers(0, 2**16))
def test_the_exact_score_is_the_dot_product_to_the_last_bit_of_float32(components: int, seed: int) -> None:
    scorer = drawn(3, 5, components, 1.0, seed)
    for user, item in np.ndindex(3, 5):
        terms = [
            Fraction(float(a)) * Fraction(float(b))
            for a, b in zip(scorer.factors.user_embeddings[user], scorer.factors.item_embeddings[item], strict=True)
        ]
        truth = sum(terms, Fraction(float(scorer.factors.user_biases[user]))) + Fraction(
            float(scorer.factors.item_biases[item])
        )
        found = scorer.exact(np.array([user]), np.array([item]))[0]
        sizes = float(sum(map(abs, terms), Fraction(0))) + abs(float(scorer.factors.user_biases[user]))
        sizes += abs(float(scorer.factors.item_biases[item]))
        assert abs(float(found) - float(truth)) <= np.spacing(abs(found)) / 2 + 1e-13 * sizes


def test_the_exact_score_of_a_pair_does_not_depend_on_what_else_is_asked() -> None:
    scorer = drawn(5, 40, 33, 1.0, seed=7)
    row, item = np.divmod(np.arange(200), 40)
    together = scorer.exact(row, item)
    alone = np.concatenate([scorer.exact(row[at : at + 1], item[at : at + 1]) for at in range(200)])
    assert together.tobytes() == alone.tobytes()


@pytest.mark.parametrize("sign", [-1, 1])
def test_scores_of_up_to_half_of_what_float32_holds_are_ranked(sign: int) -> None:
    half = np.finfo(np.float32).max / np.float32(2)
    none = np.zeros((1, 0), dtype=np.float32)
    largest = FactorScorer(Factors(none, np.array([sign * half]), none, np.zeros(1, np.float32)))
    assert top_k(largest, np.arange(1), 1)[1].tolist() == [[sign * half]]
    larger = FactorScorer(replace(largest.factors, item_biases=np.array([-sign * np.spacing(half)])))
    with pytest.raises(RecommenderError, match="too large for float32"):
        top_k(larger, np.arange(1), 1)


def test_scores_too_large_for_float32_are_refused() -> None:
    scorer = drawn(3, 40, 4, 1e19, seed=0)
    with pytest.raises(RecommenderError, match="too large for float32"):
        top_k(scorer, np.arange(3), 2)
