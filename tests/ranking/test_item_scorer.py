"""A score by items is the exact sum of what the user's items add, in any block and order."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.files.item_weights import ItemWeights, quantise
from recommender.owned import positives
from recommender.ranking.item_scorer import UNKNOWN, ItemScorer
from recommender.ranking.top_k import top_k

N_USERS, N_ITEMS = 40, 30


def scorers() -> dict[str, ItemScorer]:
    rng = np.random.default_rng(0)
    owned = positives(sp.csr_matrix((rng.random((N_USERS, N_ITEMS)) < 0.4).astype(np.float32)))
    weights = (rng.normal(size=(N_ITEMS, N_ITEMS)) * 10 ** rng.uniform(-6, 0, (N_ITEMS, N_ITEMS))).astype(np.float32)
    quantise(weights, N_ITEMS)
    some = np.flatnonzero(np.arange(N_ITEMS) % 3).astype(np.int32)
    thin = sp.csr_matrix(np.where(rng.random(weights.shape) < 0.2, weights, 0).astype(np.float32))
    return {
        "dense": ItemScorer(owned, ItemWeights(weights, np.arange(N_ITEMS, dtype=np.int32), N_ITEMS)),
        "of some items": ItemScorer(owned, ItemWeights(weights[np.ix_(some, some)].copy(), some, N_ITEMS)),
        "sparse": ItemScorer(owned, ItemWeights.sparse(thin)),
    }


@pytest.mark.parametrize("name", scorers())
def test_scores_are_exact_sums_rounded_once(name: str) -> None:
    scorer = scorers()[name]
    weights, items = scorer.model.weights, scorer.model.items.tolist()
    whole = weights if isinstance(weights, np.ndarray) else weights.toarray()
    scores = scorer.scores(np.arange(N_USERS))
    assert scores.shape == scorer.shape == (N_USERS, N_ITEMS)
    for user in range(N_USERS):
        has = [items.index(item) for item in scorer.owned[user].indices.tolist() if item in items]
        for item in range(N_ITEMS):
            if item not in items:
                assert scores[user, item] == UNKNOWN
                continue
            exact = sum((Fraction(float(whole[row, items.index(item)])) for row in has), Fraction(0))
            assert scores[user, item] == np.float32(float(exact))


@pytest.mark.parametrize("name", scorers())
def test_scores_do_not_depend_on_the_block(name: str) -> None:
    scorer = scorers()[name]
    together = scorer.scores(np.arange(N_USERS))
    assert together.dtype == np.float32
    alone = np.concatenate([scorer.scores(np.array([user])) for user in range(N_USERS)])
    assert together.tobytes() == alone.tobytes()
    backwards = scorer.scores(np.arange(N_USERS)[::-1])[::-1]
    assert np.ascontiguousarray(backwards).tobytes() == together.tobytes()
    row, item = np.divmod(np.arange(together.size), N_ITEMS)
    assert scorer.exact(row, item).tobytes() == together.tobytes()


def test_an_item_that_the_model_does_not_know_comes_after_all_that_it_knows() -> None:
    scorer = scorers()["of some items"]
    ranked, scores = top_k(scorer, np.arange(N_USERS), N_ITEMS)
    known = len(scorer.model.items)
    assert np.isin(ranked[:, :known], scorer.model.items).all()
    assert np.isfinite(scores).all()


def test_known_negatives_zeros_and_repeats_are_no_more_than_one_positive() -> None:
    data = np.array([2, -1, 0, 0.5, 0.5], dtype=np.float32)
    matrix = sp.csr_matrix((data, np.array([0, 1, 2, 3, 3]), np.array([0, 3, 5])), shape=(2, 4))
    assert positives(matrix).toarray().tolist() == [[1, 0, 0, 0], [0, 0, 0, 1]]
