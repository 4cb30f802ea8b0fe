"""What every metric promises, whoever adds it."""

import re
import typing
from collections.abc import Callable, Mapping

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics.hand import Table, recommended
from numpy.typing import NDArray

from recommender.measuring.measure import Measured, measure
from recommender.measuring.task import Task
from recommender.metrics import AT_K, CATALOGUE, FULL, LISTS, MORE_AT_K
from recommender.metrics.ranked import PerUser
from recommender.ranking.scorer import Floats
from recommender.settings.evaluate import EvaluateSettings

KS = [1, 3, 10]
UNIT = [f"{name}@{k}" for name in (*AT_K, *MORE_AT_K) for k in KS] + list(FULL)
"""Every metric of accuracy is between 0 and 1."""


def drawn(seed: int, *, ties: bool) -> tuple[Floats, NDArray[np.int8]]:
    """Draw scores, and 0 for a candidate, 1 for a test item, 2 for a training item; a user may have no test item."""
    rng = np.random.default_rng(seed)
    n_users, n_items = rng.integers(2, 12), rng.integers(2, 25)
    kinds = rng.choice(3, size=(n_users, n_items), p=rng.dirichlet([2, 1, 2])).astype(np.int8)
    kinds[0, 0] = 1
    scores = rng.permutation(n_users * n_items).reshape(n_users, n_items)
    return (scores // 5 if ties else scores).astype(np.float32), kinds


def task_of(kinds: NDArray[np.int8]) -> Task:
    return Task.make(sp.csr_matrix((kinds == 2).astype(np.float32)), sp.csr_matrix((kinds == 1).astype(np.float32)))


def measured(scores: Floats, kinds: NDArray[np.int8]) -> Measured:
    return measure(Table(scores), task_of(kinds), KS, more=list(MORE_AT_K))


laws = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 2**20)


@laws
@given(seeds, st.booleans())
def test_every_user_with_a_test_item_has_a_finite_value_in_range(seed: int, ties: bool) -> None:
    scores, kinds = drawn(seed, ties=ties)
    found = measured(scores, kinds)
    n_users = int((kinds == 1).any(axis=1).sum())
    names = {f"{name}@{k}" for name in [*AT_K, *MORE_AT_K, *LISTS] for k in KS} | FULL.keys()
    assert found.per_user.keys() == names
    assert found.overall.keys() == {f"{name}@{k}" for name in CATALOGUE for k in KS}
    for name, values in found.per_user.items():
        assert values.shape == (n_users,), name
        assert values.dtype == np.float64, name
        assert np.isfinite(values).all(), name
        assert (values >= 0).all(), name
    for name in UNIT:
        assert (found.per_user[name] <= 1 + 1e-12).all(), name
    assert all(0 <= value <= 1 for value in found.overall.values())


@laws
@given(seeds)
def test_the_order_of_items_and_users_does_not_matter(seed: int) -> None:
    scores, kinds = drawn(seed, ties=False)
    rng = np.random.default_rng(seed)
    users, items = rng.permutation(kinds.shape[0]), rng.permutation(kinds.shape[1])
    before, after = measured(scores, kinds), measured(scores[users][:, items], kinds[users][:, items])
    tested = (kinds == 1).any(axis=1)
    row = np.cumsum(tested) - 1
    to_before = row[users[tested[users]]]
    for name, values in before.per_user.items():
        assert after.per_user[name] == pytest.approx(values[to_before], abs=1e-12), name
    assert after.overall == pytest.approx(before.overall, abs=1e-12)


@laws
@given(seeds)
def test_the_order_of_users_does_not_matter_with_ties_either(seed: int) -> None:
    scores, kinds = drawn(seed, ties=True)
    before, after = measured(scores, kinds), measured(scores[::-1], kinds[::-1])
    for name, values in before.per_user.items():
        assert after.per_user[name][::-1].tobytes() == values.tobytes(), name
    assert after.overall == before.overall


@laws
@given(seeds)
def test_a_perfect_ranking_scores_1_and_the_reverse_no_more(seed: int) -> None:
    scores, kinds = drawn(seed, ties=False)
    perfect = scores + np.float32(10_000) * (kinds == 1)
    best, worst = measured(perfect, kinds), measured(-perfect, kinds)
    of = task_of(kinds)
    n_tests = np.diff(of.starts)
    ones = [name for name in UNIT if name.partition("@")[0] in ("ndcg", "map", "mrr", "hit_rate", "capped_recall")]
    for name in ones:
        assert best.per_user[name] == pytest.approx(np.ones(len(n_tests)), abs=1e-12), name
    for k in KS:
        assert (best.per_user[f"precision@{k}"] == np.minimum(k, n_tests) / k).all()
        assert (best.per_user[f"recall@{k}"] == np.minimum(k, n_tests) / n_tests).all()
    apart = of.n_candidates > n_tests
    assert (best.per_user["auc"] == np.where(apart, 1, 0.5)).all()
    assert (worst.per_user["auc"] == np.where(apart, 0, 0.5)).all()
    for name in UNIT:
        assert (worst.per_user[name] <= best.per_user[name] + 1e-12).all(), name


@pytest.mark.parametrize("metric", LISTS.values(), ids=LISTS.keys())
def test_the_order_within_a_list_does_not_matter_to_what_it_is_like(metric: Callable[..., PerUser]) -> None:
    popularity = [5, 3, 0, 1]
    one = metric(recommended([[0, 1, 2], [3, -1, -1]], popularity, n_users=6))
    other = metric(recommended([[2, 0, 1], [-1, 3, -1]], popularity, n_users=6))
    assert other == pytest.approx(one, abs=1e-15)


@pytest.mark.parametrize("group", [AT_K, MORE_AT_K, FULL, LISTS, CATALOGUE])
def test_every_metric_says_where_it_is_from(group: Mapping[str, Callable[..., object]]) -> None:
    for name, metric in group.items():
        assert re.search(r"\b(19|20)\d\d\b", metric.__doc__ or ""), name


def test_metrics_of_other_protocols_are_those_that_the_settings_take_and_change_no_other() -> None:
    (named,) = typing.get_args(typing.get_args(EvaluateSettings.__annotations__["more_metrics"])[0])
    assert typing.get_args(named) == tuple(MORE_AT_K)
    scores, kinds = drawn(1, ties=True)
    alone, among = measure(Table(scores), task_of(kinds), KS), measured(scores, kinds)
    assert not MORE_AT_K.keys() & AT_K.keys()
    assert alone.per_user.keys() == among.per_user.keys() - {f"{name}@{k}" for name in MORE_AT_K for k in KS}
    assert {name: among.per_user[name].tobytes() for name in alone.per_user} == {
        name: values.tobytes() for name, values in alone.per_user.items()
    }
    assert among.overall == alone.overall
