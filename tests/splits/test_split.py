"""The laws of every split, and of each strategy."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.settings.split import SplitSettings
from recommender.splits.given_split import given_split
from recommender.splits.leave_last import leave_last
from recommender.splits.parts import Split
from recommender.splits.random_split import random_split
from recommender.splits.split_matrix import split_matrix
from recommender.splits.temporal_split import temporal_split
from recommender.splits.validation import validation

Data = tuple[sp.coo_matrix, NDArray[np.int64], NDArray[np.bool_]]

KEEPS_NOBODY = ("time", "given")
"""Strategies that do not see to it that everybody has a positive to train on."""

laws = settings(deadline=None, max_examples=60)
fractions = st.floats(0.05, 0.95)
seeds = st.integers(0, 2**32 - 1)


def chosen(**changed: Any) -> SplitSettings:
    defaults = {"strategy": "random", "test_fraction": 0.25, "last_n": 1, "cold_users": False, "seed": 0}
    return SplitSettings.model_validate(defaults | changed)


@st.composite
def interactions(draw: st.DrawFn) -> Data:
    """Entries in any order, some of them no positives; few moments, so that many share one; any given split."""
    n_users, n_items = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    cells = draw(st.permutations(range(n_users * n_items)))
    cells = cells[: draw(st.integers(1, len(cells)))]
    users, items = np.divmod(np.array(cells), n_items)
    values = draw(hnp.arrays(np.float32, len(cells), elements=st.sampled_from([1.0, 0.5, 3.0, 0.0, -0.5, -1.0])))
    times = draw(hnp.arrays(np.int64, len(cells), elements=st.integers(-3, 12)))
    given_test = draw(hnp.arrays(np.bool_, len(cells)))
    return sp.coo_matrix((values, (users, items)), shape=(n_users, n_items)), times, given_test


@st.composite
def any_settings(draw: st.DrawFn) -> SplitSettings:
    return chosen(
        strategy=draw(st.sampled_from(["random", "leave_last", "time", "given"])),
        test_fraction=draw(fractions),
        last_n=draw(st.integers(1, 4)),
        cold_users=draw(st.booleans()),
        seed=draw(seeds),
    )


def split(data: Data, using: SplitSettings) -> Split:
    matrix, times, given_test = data
    return split_matrix(matrix, times, using, given_test)


def split_or_discard(data: Data, using: SplitSettings) -> Split:
    try:
        return split(data, using)
    except RecommenderError:
        assume(condition=False)
        raise


def pairs(matrix: sp.coo_matrix) -> dict[tuple[int, int], float]:
    return dict(
        zip(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True), matrix.data.tolist(), strict=True),
    )


@laws
@given(interactions(), any_settings())
def test_no_pair_is_in_both_parts_and_none_is_changed(data: Data, using: SplitSettings) -> None:
    parts = split_or_discard(data, using)
    train, test, everything = pairs(parts.train), pairs(parts.test), pairs(data[0])
    assert not train.keys() & test.keys()
    assert (train | test).items() <= everything.items()
    assert parts.train.shape == parts.test.shape == data[0].shape
    assert parts.train.dtype == parts.test.dtype == np.float32


@laws
@given(interactions(), any_settings())
def test_known_negatives_are_never_tested(data: Data, using: SplitSettings) -> None:
    assert (split_or_discard(data, using).test.data > 0).all()


@laws
@given(interactions(), any_settings())
def test_nobody_is_tested_without_a_training_positive_unless_asked_for(data: Data, using: SplitSettings) -> None:
    parts = split_or_discard(data, using)
    known = set(parts.train.row[parts.train.data > 0].tolist())
    assert known
    if not using.cold_users or using.strategy not in KEEPS_NOBODY:
        assert set(parts.test.row.tolist()) <= known


@laws
@given(interactions(), any_settings())
def test_positives_are_lost_only_where_a_cold_user_cannot_be_tested(data: Data, using: SplitSettings) -> None:
    parts = split_or_discard(data, using)
    positives = {pair for pair, value in pairs(data[0]).items() if value > 0}
    lost = positives - pairs(parts.train).keys() - pairs(parts.test).keys()
    if using.strategy not in KEEPS_NOBODY or using.cold_users:
        assert not lost
    else:
        assert not {user for user, _ in lost} & set(parts.train.row[parts.train.data > 0].tolist())


@laws
@given(interactions(), any_settings())
def test_the_same_settings_give_the_same_split(data: Data, using: SplitSettings) -> None:
    first, second = split_or_discard(data, using), split(data, using)
    assert pairs(first.train) == pairs(second.train)
    assert pairs(first.test) == pairs(second.test)


@laws
@given(interactions(), fractions, seeds)
def test_random_is_everything_and_tests_the_rounded_share_of_each_user(data: Data, fraction: float, seed: int) -> None:
    matrix, _, _ = data
    in_train, in_test = random_split(matrix, fraction, seed)
    assert (in_train ^ in_test).all()
    for user in range(matrix.shape[0]):
        n = int(((matrix.row == user) & (matrix.data > 0)).sum())
        expected = 0 if n < 2 else min(max(int(n * fraction + 0.5), 1), n - 1)
        assert in_test[matrix.row == user].sum() == expected


def test_the_seed_decides_what_random_draws_and_draws_evenly() -> None:
    matrix = sp.coo_matrix(np.ones((200, 10), dtype=np.float32))
    drawn = [random_split(matrix, 0.3, seed)[1] for seed in range(20)]
    assert len({draw.tobytes() for draw in drawn}) == 20
    by_item = np.mean([draw.reshape(200, 10) for draw in drawn], axis=(0, 1))
    # 4000 draws of each item: six standard deviations.
    assert np.abs(by_item - 0.3).max() < 6 * np.sqrt(0.3 * 0.7 / 4000)


@laws
@given(interactions(), st.integers(1, 4))
def test_leave_last_never_trains_on_what_came_after_the_users_first_test_item(data: Data, last_n: int) -> None:
    matrix, times, _ = data
    in_train, in_test = leave_last(matrix, times, last_n)
    moments = list(zip(times.tolist(), range(len(times)), strict=True))
    for user in range(matrix.shape[0]):
        own = np.flatnonzero(matrix.row == user)
        positives = sorted(moments[entry] for entry in own if matrix.data[entry] > 0)
        tested = sorted(moments[entry] for entry in own if in_test[entry])
        assert tested == positives[max(min(1, len(positives)), len(positives) - last_n) :]
        trained = [moments[entry] for entry in own if in_train[entry]]
        assert trained == [moments[entry] for entry in own if not tested or moments[entry] < tested[0]]


@laws
@given(interactions(), fractions)
def test_time_never_trains_on_anything_from_the_cut_on(data: Data, fraction: float) -> None:
    matrix, times, _ = data
    in_train, in_test = temporal_split(matrix, times, fraction)
    positives = times[matrix.data > 0]
    allowed = int(len(positives) * fraction)
    cuts = [moment for moment in sorted(set(positives.tolist())) if (positives >= moment).sum() <= allowed]
    cut = cuts[0] if cuts else np.inf
    assert (in_train == (times < cut)).all()
    assert (in_test == ((times >= cut) & (matrix.data > 0))).all()


@laws
@given(interactions())
def test_given_is_what_the_data_says_but_for_known_negatives_in_test(data: Data) -> None:
    matrix, _, given_test = data
    in_train, in_test = given_split(matrix, given_test)
    assert (in_train == ~given_test).all()
    assert (in_test == (given_test & (matrix.data > 0))).all()


@laws
@given(interactions(), any_settings())
def test_which_entries_are_in_train_is_said(data: Data, using: SplitSettings) -> None:
    parts = split_or_discard(data, using)
    for part in ("row", "col", "data"):
        assert (getattr(data[0], part)[parts.in_train] == getattr(parts.train, part)).all()


@pytest.mark.parametrize("strategy", ["leave_last", "time"])
def test_a_temporal_split_without_times_names_the_settings(strategy: str) -> None:
    matrix = sp.coo_matrix(np.ones((3, 4), dtype=np.float32))
    with pytest.raises(RecommenderError) as caught:
        split_matrix(matrix, None, chosen(strategy=strategy))
    message = str(caught.value)
    for part in ("split.strategy", strategy, "data.columns.interactions.timestamp", "random"):
        assert part in message
    assert "\n" not in message


def test_a_given_split_that_nothing_gives_names_the_settings() -> None:
    with pytest.raises(RecommenderError) as caught:
        split_matrix(sp.coo_matrix(np.ones((3, 4), dtype=np.float32)), np.arange(12), chosen(strategy="given"))
    message = str(caught.value)
    for part in ("split.strategy is 'given'", "data.columns.interactions.split", "random"):
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize("strategy", ["random", "leave_last", "time"])
def test_too_few_interactions_are_an_error_and_no_empty_test(strategy: str) -> None:
    matrix = sp.coo_matrix(np.eye(3, dtype=np.float32))
    with pytest.raises(RecommenderError, match="leaves nothing to test"):
        split_matrix(matrix, np.arange(3), chosen(strategy=strategy))


@pytest.mark.parametrize(
    ("likes", "given_test", "cold_users", "left"),
    [
        ([1, 1, 1], [True, True, True], False, "to train on: no positive is in train"),
        ([1, 1, 1], [True, True, True], True, "to train on: no positive is in train"),
        ([1, -1, 1], [True, False, True], True, "to train on: no positive is in train"),
        ([1, 0, 1], [True, False, True], True, "to train on: no positive is in train"),
        ([1, 1, 1], [False, False, False], True, "to test: no positive in test is of a user who has one in train"),
        ([1, 1, -1], [False, False, True], True, "to test: no positive in test is of a user who has one in train"),
        ([1, 1, 1], [False, True, True], False, "to test: no positive in test is of a user who has one in train"),
    ],
)
def test_a_given_split_that_leaves_a_part_empty_is_an_error_that_names_the_column(
    likes: list[float], given_test: list[bool], cold_users: bool, left: str
) -> None:
    matrix = sp.coo_matrix((np.array(likes, np.float32), (np.array([0, 1, 1]), np.array([0, 0, 1]))))
    with pytest.raises(RecommenderError) as caught:
        split_matrix(matrix, None, chosen(strategy="given", cold_users=cold_users), np.array(given_test))
    message = str(caught.value)
    assert message.startswith(f"split.strategy 'given' leaves nothing {left}; mend the column that")
    assert "data.columns.interactions.split" in message
    assert "\n" not in message


def test_a_given_split_tests_new_users_only_when_asked_for() -> None:
    matrix = sp.coo_matrix(np.array([[1, 1, 1], [-1, 1, 0]], dtype=np.float32))
    given_test = np.array([False, True, True, False, True])
    warm = split_matrix(matrix, None, chosen(strategy="given"), given_test)
    assert pairs(warm.test).keys() == {(0, 1), (0, 2)}
    cold = split_matrix(matrix, None, chosen(strategy="given", cold_users=True), given_test)
    assert pairs(cold.test).keys() == {(0, 1), (0, 2), (1, 1)}
    assert pairs(warm.train).keys() == pairs(cold.train).keys() == {(0, 0), (1, 0)}


def test_a_time_split_tests_new_users_only_when_asked_for() -> None:
    matrix = sp.coo_matrix(np.array([[1, 1, 1], [1, 0, 0]], dtype=np.float32))
    times = np.array([1, 2, 4, 3])
    warm = split_matrix(matrix, times, chosen(strategy="time", test_fraction=0.5))
    assert pairs(warm.test).keys() == {(0, 2)}
    cold = split_matrix(matrix, times, chosen(strategy="time", test_fraction=0.5, cold_users=True))
    assert pairs(cold.test).keys() == {(1, 0), (0, 2)}


def test_a_user_whose_likes_are_all_in_the_future_is_new_whatever_they_disliked_before() -> None:
    matrix = sp.coo_matrix(np.array([[1, 1, 1, 0], [-1, 1, 0, 0], [-2, 0, 0, 1], [1, 0, 0, 1]], dtype=np.float32))
    matrix.data[matrix.data == -2] = 0
    times = np.array([1, 2, 9, 3, 8, 4, 7, 5, 6])
    warm = split_matrix(matrix, times, chosen(strategy="time", test_fraction=0.6))
    assert pairs(warm.test).keys() == {(0, 2), (3, 3)}
    cold = split_matrix(matrix, times, chosen(strategy="time", test_fraction=0.6, cold_users=True))
    assert pairs(cold.test).keys() == {(0, 2), (1, 1), (2, 3), (3, 3)}


@laws
@given(interactions(), st.integers(1, 5), fractions, seeds)
def test_validation_sets_aside_what_random_draws_for_some_able_users(
    data: Data, n_users: int, fraction: float, seed: int
) -> None:
    matrix, _, _ = data
    parts = validation(matrix, n_users, fraction, seed)
    aside = pairs(parts.test)
    assert pairs(parts.train) | aside == pairs(matrix)
    assert not pairs(parts.train).keys() & aside.keys()
    positives = np.bincount(matrix.row[matrix.data > 0], minlength=matrix.shape[0])
    users = {user for user, _ in aside}
    assert len(users) == min(n_users, int((positives > 1).sum()))
    _, in_test = random_split(matrix, fraction, seed)
    drawn = set(zip(matrix.row[in_test].tolist(), matrix.col[in_test].tolist(), strict=True))
    assert aside.keys() == {pair for pair in drawn if pair[0] in users}
