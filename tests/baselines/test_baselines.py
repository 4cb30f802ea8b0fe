"""Baselines are what they are called, and the same in any block."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.utils import murmurhash3_32

from recommender.baselines.most_popular import MostPopular, most_popular
from recommender.baselines.random_order import RandomOrder
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


@pytest.mark.parametrize("name", ["popularity", "random"])
def test_scores_do_not_depend_on_the_block(name: str) -> None:
    train = interactions(40, 30, seed=2)
    scorers: dict[str, MostPopular | RandomOrder] = {
        "popularity": most_popular(train),
        "random": RandomOrder((40, 30), seed=1),
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
