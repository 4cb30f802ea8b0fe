"""Baselines are what they are called, and the same in any block."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from recommender.baselines.item_knn import item_knn
from recommender.baselines.popularity import popularity
from recommender.baselines.random import Random
from recommender.ranking.scorer import ExactBlocks
from recommender.ranking.topk import top_k


def interactions(n_users: int, n_items: int, seed: int, share: float = 0.3) -> sp.csr_matrix:
    """Draw positives of any weight, and some known negatives."""
    rng = np.random.default_rng(seed)
    drawn = np.where(rng.random((n_users, n_items)) < share, rng.choice([1, 2.5, -1], size=(n_users, n_items)), 0)
    return sp.csr_matrix(drawn.astype(np.float32))


def test_popularity_counts_the_users_of_each_item_and_no_negatives() -> None:
    train = sp.csr_matrix(np.array([[3, -1, 0], [1, 0.5, 0], [1, -1, -1]], dtype=np.float32))
    assert popularity(train).scores(np.array([2, 0])).tolist() == [[3, 1, 0]] * 2


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**16), st.integers(1, 15))
def test_item_knn_sums_the_cosines_of_the_nearest_items(seed: int, neighbours: int) -> None:
    train = interactions(15, 12, seed)
    owned = (train.toarray() > 0).astype(np.float64)
    lengths = np.sqrt(owned.sum(axis=0))
    cosine = (owned.T @ owned) / np.maximum(1e-9, np.outer(lengths, lengths))
    similar = np.zeros((12, 12))
    for item in range(12):
        others = [other for other in range(12) if other != item and cosine[item, other] > 0]
        nearest = [other for _, other in sorted((-np.float32(cosine[item, other]), other) for other in others)]
        similar[item, nearest[:neighbours]] = cosine[item, nearest[:neighbours]]
    found = item_knn(train, neighbours)
    # Cosines that differ in the last bit of float32 may be chosen in either order, which leaves the sum of a row alone.
    ours = found.similar.toarray()
    assert ours.sum(axis=1) == pytest.approx(similar.sum(axis=1), abs=1e-5)
    assert ours[ours > 0] == pytest.approx(cosine[ours > 0], abs=1e-6)
    assert found.scores(np.arange(15)) == pytest.approx(owned @ ours, abs=1e-6)


def test_the_neighbours_are_scikit_learns() -> None:
    train = interactions(400, 30, seed=0)
    owned = (train.toarray() > 0).astype(np.float64)
    distances, items = NearestNeighbors(metric="cosine", n_neighbors=8).fit(owned.T).kneighbors()
    untied = np.flatnonzero(distances[:, 7] - distances[:, 6] > 1e-6)
    assert len(untied) > 20
    similar = item_knn(train, 7).similar.toarray()
    for item in untied:
        assert set(np.flatnonzero(similar[item])) == set(items[item, :7])
        assert similar[item, items[item, :7]] == pytest.approx(1 - distances[item, :7], abs=1e-6)


def test_threads_cannot_change_item_knn() -> None:
    train = interactions(50, 40, seed=1)
    one, two = item_knn(train, 10, 1), item_knn(train, 10, 2)
    for part in ("indptr", "indices", "data"):
        assert getattr(one.similar, part).tobytes() == getattr(two.similar, part).tobytes()


def test_random_is_decided_by_the_seed_and_uniform() -> None:
    users = np.arange(300)
    scores = Random((300, 400), seed=5).scores(users)
    assert scores.tobytes() == Random((300, 400), seed=5).scores(users).tobytes()
    assert (scores >= 0).all()
    assert (scores < 1).all()
    tenths = np.bincount((scores.ravel() * 10).astype(int), minlength=10)
    # 120,000 draws: six standard deviations of a tenth.
    assert np.abs(tenths - 12_000).max() < 6 * np.sqrt(120_000 * 0.09)
    other = Random((300, 400), seed=6).scores(users)
    assert abs(np.corrcoef(scores.ravel(), other.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(scores[0], scores[1])[0, 1]) < 0.25


def test_random_recommends_all_items_alike() -> None:
    items, _ = top_k(Random((4000, 50), seed=0), np.arange(4000), 5)
    shown = np.bincount(items.ravel(), minlength=50)
    assert np.abs(shown - 400).max() < 6 * np.sqrt(4000 * 0.1 * 0.9)


@pytest.mark.parametrize("name", ["popularity", "random", "item_knn"])
def test_scores_do_not_depend_on_the_block(name: str) -> None:
    train = interactions(40, 30, seed=2)
    scorers: dict[str, ExactBlocks] = {
        "popularity": popularity(train),
        "random": Random((40, 30), seed=1),
        "item_knn": item_knn(train, 8),
    }
    scorer = scorers[name]
    together = scorer.scores(np.arange(40))
    assert together.dtype == np.float32
    assert together.shape == (40, 30)
    alone = np.concatenate([scorer.scores(np.array([user])) for user in range(40)])
    assert together.tobytes() == alone.tobytes()
    block, margin = scorer.block(np.arange(40))
    assert block.tobytes() == together.tobytes()
    assert not margin.any()
    row, item = np.divmod(np.arange(1200), 30)
    assert scorer.exact(row, item).tobytes() == together.tobytes()
