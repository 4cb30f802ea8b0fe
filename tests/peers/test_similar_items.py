"""The neighbours of ItemKNN and RP3beta are those of a plain computation, on the side that is asked for."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from numpy.typing import NDArray
from peers.drawn import KNN, RP3BETA, dense, interactions
from sklearn.neighbors import NearestNeighbors

from recommender.execution import Execution
from recommender.peers.item_knn import item_knn
from recommender.peers.rp3beta import rp3beta
from recommender.settings.peers import ItemKnnSettings, Rp3betaSettings

Doubles = NDArray[np.float64]


def knn(**values: object) -> ItemKnnSettings:
    return ItemKnnSettings.model_validate(KNN.model_dump() | values)


def nearest(similar: Doubles, neighbours: int) -> Doubles:
    """Keep the largest of each row, of equal ones the lower, but not the diagonal."""
    kept = np.zeros_like(similar)
    for row, values in enumerate(similar):
        others = [other for other in range(len(values)) if other != row and values[other] > 0]
        best = [other for _, other in sorted((-np.float32(values[other]), other) for other in others)][:neighbours]
        kept[row, best] = values[best]
    return kept


@limits(deadline=None, max_examples=40)
@given(st.integers(0, 2**16), st.integers(1, 15), st.sampled_from([0.0, 0.5, 20.0]))
def test_similarities_are_shrunk_cosines_and_the_sides_are_each_others_mirror(
    seed: int, neighbours: int, shrinkage: float
) -> None:
    train = interactions(15, 12, seed)
    owned = (train.toarray() > 0).astype(np.float64)
    lengths = np.sqrt(owned.sum(axis=0))
    similar = owned.T @ owned / np.maximum(1e-9, np.outer(lengths, lengths) + shrinkage)
    expected = nearest(similar, neighbours)
    history, candidate = (
        dense(item_knn(train, knn(neighbours=neighbours, shrinkage=shrinkage, side=side)))
        for side in ("history", "candidate")
    )
    # Cosines that differ in the last bit of float32 may be chosen in either order, which leaves the sum of a row alone.
    assert history.sum(axis=1) == pytest.approx(expected.sum(axis=1), abs=1e-5)
    assert history[history > 0] == pytest.approx(similar[history > 0], abs=1e-6)
    assert ((candidate > 0).sum(axis=0) == (history > 0).sum(axis=1)).all()
    assert candidate == pytest.approx(history.T, abs=1e-7)


def test_the_neighbours_are_scikit_learns() -> None:
    train = interactions(400, 30, seed=0)
    owned = (train.toarray() > 0).astype(np.float64)
    distances, items = NearestNeighbors(metric="cosine", n_neighbors=8).fit(owned.T).kneighbors()
    untied = np.flatnonzero(distances[:, 7] - distances[:, 6] > 1e-6)
    assert len(untied) > 20
    similar = dense(item_knn(train, KNN))
    for item in untied:
        assert set(np.flatnonzero(similar[item])) == set(items[item, :7])
        assert similar[item, items[item, :7]] == pytest.approx(1 - distances[item, :7], abs=1e-6)


def test_of_equal_neighbours_the_lower_items_are_kept() -> None:
    train = sp.csr_matrix(np.ones((3, 120), dtype=np.float32))
    similar = dense(item_knn(train, knn(neighbours=4)))[[0, 119]]
    assert [np.flatnonzero(row).tolist() for row in similar] == [[1, 2, 3, 4], [0, 1, 2, 3]]


@pytest.mark.parametrize("neighbours", [1, 5, 60, 119, 120])
def test_the_kept_are_the_largest_of_many(neighbours: int) -> None:
    train = interactions(200, 120, seed=neighbours, share=0.1)
    every = dense(item_knn(train, knn(neighbours=1000)))
    kept = dense(item_knn(train, knn(neighbours=neighbours)))
    for whole, row in zip(every, kept, strict=True):
        assert np.sort(row)[::-1].tolist() == [*np.sort(whole)[::-1][:neighbours], *([0] * (120 - neighbours))]


def test_neither_a_known_negative_nor_a_zero_is_a_common_user() -> None:
    values = np.array([1, 1, 1, -1, 1, -0.5, 1, 0], dtype=np.float32)
    users, items = np.repeat(np.arange(4), 2), np.array([0, 1, 0, 2, 0, 2, 0, 3])
    found = dense(item_knn(sp.csr_matrix((values, (users, items)), shape=(4, 4)), KNN))
    assert found == pytest.approx(np.array([[0, 0.5, 0, 0], [0.5, 0, 0, 0], [0] * 4, [0] * 4]))


@limits(deadline=None, max_examples=40)
@given(st.integers(0, 2**16), st.integers(1, 15), st.floats(0, 2), st.floats(0, 2))
def test_rp3beta_is_the_product_of_transition_probabilities_to_powers(
    seed: int, neighbours: int, alpha: float, beta: float
) -> None:
    train = interactions(15, 12, seed)
    owned = (train.toarray() > 0).astype(np.float64)
    of_users, of_items = np.maximum(1, owned.sum(axis=1)), np.maximum(1, owned.sum(axis=0))
    item_to_user, user_to_item = owned.T / of_items[:, None], owned / of_users[:, None]
    walks = np.where(item_to_user > 0, item_to_user**alpha, 0) @ np.where(user_to_item > 0, user_to_item**alpha, 0)
    walks /= of_items**beta
    expected = nearest(walks, neighbours)
    found = dense(rp3beta(train, Rp3betaSettings(alpha=alpha, beta=beta, neighbours=neighbours)))
    assert found.sum(axis=1) == pytest.approx(expected.sum(axis=1), rel=1e-5)
    assert found[found > 0] == pytest.approx(walks[found > 0], rel=1e-5)


@pytest.mark.parametrize(("alpha", "beta"), [(1e9, 0.0), (0.0, 1e9), (1e9, 1e9)])
def test_powers_beyond_all_numbers_leave_finite_weights(alpha: float, beta: float) -> None:
    train = interactions(30, 20, seed=1)
    assert np.isfinite(rp3beta(train, Rp3betaSettings(alpha=alpha, beta=beta, neighbours=5)).values).all()


def test_their_progress_adds_up_to_the_items() -> None:
    train = interactions(20, 50, seed=0)
    advanced: list[int] = []
    execution = Execution(2, advance=advanced.append)
    item_knn(train, KNN, execution)
    assert sum(advanced) == 50
    rp3beta(train, RP3BETA, execution)
    assert sum(advanced) == 100
