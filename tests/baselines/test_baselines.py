"""Baselines are what they are called, and the same in any block."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import murmurhash3_32

from recommender.baselines.item_knn import ItemKNN, item_knn
from recommender.baselines.most_popular import MostPopular, most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.execution import Execution
from recommender.ranking.top_k import top_k


def interactions(n_users: int, n_items: int, seed: int, share: float = 0.3) -> sp.csr_matrix:
    """Draw positives of any weight, and some known negatives."""
    rng = np.random.default_rng(seed)
    values = rng.choice([1, 2.5, 0.5, -0.5, -1], size=(n_users, n_items))
    drawn = np.where(rng.random((n_users, n_items)) < share, values, 0)
    return sp.csr_matrix(drawn.astype(np.float32))


def test_popularity_counts_the_users_of_each_item_and_no_negatives() -> None:
    train = sp.csr_matrix(np.array([[3, -1, -2], [1, 0.5, -0.5], [1, -1, -1]], dtype=np.float32))
    train.data[train.data == -2] = 0
    assert most_popular(train).scores(np.array([2, 0])).tolist() == [[3, 1, 0]] * 2


def test_an_item_that_nobody_has_is_counted_too() -> None:
    assert most_popular(sp.csr_matrix(np.eye(3, 5, dtype=np.float32))).counts.tolist() == [1, 1, 1, 0, 0]


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


def test_items_without_a_common_user_are_no_neighbours() -> None:
    alone = item_knn(sp.csr_matrix(np.eye(4, 6, dtype=np.float32)))
    assert alone.similar.nnz == 0
    assert not alone.scores(np.arange(4)).any()


def test_neither_a_known_negative_nor_a_zero_is_a_common_user() -> None:
    values = np.array([1, 1, 1, -1, 1, -0.5, 1, 0], dtype=np.float32)
    users, items = np.repeat(np.arange(4), 2), np.array([0, 1, 0, 2, 0, 2, 0, 3])
    found = item_knn(sp.csr_matrix((values, (users, items)), shape=(4, 4)))
    assert found.similar.toarray() == pytest.approx(np.array([[0, 0.5, 0, 0], [0.5, 0, 0, 0], [0] * 4, [0] * 4]))
    assert found.owned.nnz == 5


def test_an_item_has_a_hundred_neighbours_unless_told_otherwise_the_lower_of_equal_ones() -> None:
    train = sp.csr_matrix(np.ones((3, 120), dtype=np.float32))
    assert (np.diff(item_knn(train).similar.indptr) == 100).all()
    last = item_knn(train, 4).similar[[0, 119]].toarray()
    assert [np.flatnonzero(row).tolist() for row in last] == [[1, 2, 3, 4], [0, 1, 2, 3]]


def test_similarities_are_rounded_so_little_and_such_that_their_sums_are_exact() -> None:
    """Those of items with hundreds of users need more bits than the sums can have."""
    for n_users in range(200, 220):
        owned = np.zeros((2 * n_users - 1, 2), dtype=np.float32)
        owned[:n_users, 0] = owned[n_users - 1 :, 1] = 1
        similar = item_knn(sp.csr_matrix(owned)).similar[0, 1]
        assert abs(similar - 1 / n_users) <= 2**-31 + 2**-32  # the latter for float32
        assert similar * 2**30 == np.floor(similar * 2**30)


def test_the_progress_of_item_knn_adds_up_to_the_items() -> None:
    advanced: list[int] = []
    item_knn(interactions(20, 50, seed=0), execution=Execution(advance=advanced.append))
    assert sum(advanced) == 50


def test_threads_cannot_change_item_knn() -> None:
    train = interactions(50, 40, seed=1)
    one, two = item_knn(train, 10), item_knn(train, 10, Execution(2))
    for part in ("indptr", "indices", "data"):
        assert getattr(one.similar, part).tobytes() == getattr(two.similar, part).tobytes()


def test_random_is_decided_by_the_seed_and_uniform() -> None:
    users = np.arange(300)
    scores = RandomOrder((300, 400), seed=5).scores(users)
    assert scores.tobytes() == RandomOrder((300, 400), seed=5).scores(users).tobytes()
    assert (scores >= 0).all()
    assert (scores < 1).all()
    tenths = np.bincount((scores.ravel() * 10).astype(int), minlength=10)
    # 120,000 draws: six standard deviations of a tenth.
    assert np.abs(tenths - 12_000).max() < 6 * np.sqrt(120_000 * 0.09)
    other = RandomOrder((300, 400), seed=6).scores(users)
    assert abs(np.corrcoef(scores.ravel(), other.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(scores[0], scores[1])[0, 1]) < 0.25


def test_random_draws_what_murmurhash3_draws_today_and_in_old_releases() -> None:
    def mixed(number: int) -> int:
        return int(
            murmurhash3_32(b"", seed=number % 2**32, positive=True)
        )  # of no text, it is its finaliser of the seed

    scores = RandomOrder((40, 50), seed=123_456_789).scores(np.arange(40))
    for user, item in np.ndindex(40, 50):
        drawn = mixed(mixed(mixed(user) ^ 123_456_789) + mixed(item ^ 0x9E3779B9))
        assert scores[user, item] == (drawn >> 8) / 2**24


def test_random_recommends_all_items_alike() -> None:
    items, _ = top_k(RandomOrder((4000, 50), seed=0), np.arange(4000), 5)
    shown = np.bincount(items.ravel(), minlength=50)
    assert np.abs(shown - 400).max() < 6 * np.sqrt(4000 * 0.1 * 0.9)


@pytest.mark.parametrize("name", ["popularity", "random", "item_knn"])
def test_scores_do_not_depend_on_the_block(name: str) -> None:
    train = interactions(40, 30, seed=2)
    scorers: dict[str, MostPopular | RandomOrder | ItemKNN] = {
        "popularity": most_popular(train),
        "random": RandomOrder((40, 30), seed=1),
        "item_knn": item_knn(train, 8),
    }
    scorer = scorers[name]
    assert scorer.shape == (40, 30)
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
