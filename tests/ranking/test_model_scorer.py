"""A model of any family is scored, and users of whom it knows nothing get the popularity of items."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.execution import Execution
from recommender.files.factors import Factors
from recommender.files.item_weights import ItemWeights
from recommender.files.models import Model
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.item_scorer import ItemScorer
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.top_k import top_k

N_USERS, N_ITEMS = 30, 20
BLANK = [0, 7, 8, 29]


def drawn() -> tuple[sp.csr_matrix, dict[str, Model]]:
    """Interactions in which some users have no positive, and models that know nothing of these."""
    rng = np.random.default_rng(0)
    values = rng.choice([0, 1, -1], p=[0.7, 0.2, 0.1], size=(N_USERS, N_ITEMS)).astype(np.float32)
    values[:, 0] = 1
    values[BLANK] = np.minimum(values[BLANK], 0)
    values[BLANK, 0] = 0
    users = rng.normal(size=(N_USERS, 3)).astype(np.float32)
    users[BLANK] = 0
    items = rng.normal(size=(N_ITEMS, 3)).astype(np.float32)
    weights = rng.integers(-9, 9, size=(N_ITEMS, N_ITEMS)).astype(np.float32)
    return sp.csr_matrix(values), {
        "factors": Factors(users, np.zeros(N_USERS, np.float32), items, np.zeros(N_ITEMS, np.float32)),
        "weights": ItemWeights(weights, np.arange(N_ITEMS, dtype=np.int32), N_ITEMS),
        "neighbours": ItemWeights.sparse(sp.csr_matrix(weights)),
    }


@pytest.mark.parametrize("kind", drawn()[1])
@pytest.mark.parametrize("precise", [False, True])
def test_blank_users_get_how_many_users_each_item_has_and_others_the_models_scores(kind: str, precise: bool) -> None:
    seen, models = drawn()
    scorer, model = scorer_of(models[kind], seen), models[kind]
    assert scorer.shape == (N_USERS, N_ITEMS)
    counts = (seen.toarray() > 0).sum(axis=0)
    plain = FactorScorer(model) if isinstance(model, Factors) else ItemScorer(seen > 0, model)
    for users in (np.arange(N_USERS), np.array(BLANK), np.array([3, 7, 4])):
        scores, margin = scorer.block(users, precise=precise)
        expected, bound = plain.block(users, precise=precise)
        for row, user in enumerate(users.tolist()):
            is_blank = user in BLANK
            assert scores[row].tolist() == (counts if is_blank else expected[row]).tolist()
            assert margin[row] == (0 if is_blank else bound[row])
            exact = scorer.exact(np.full(N_ITEMS, user), np.arange(N_ITEMS))
            assert exact.dtype == np.float32
            assert np.abs(exact - scores[row]).max() <= margin[row]


@pytest.mark.parametrize("kind", drawn()[1])
def test_lists_of_blank_users_are_the_most_popular_in_any_block(kind: str) -> None:
    seen, models = drawn()
    counts = (seen.toarray() > 0).sum(axis=0)
    popular = np.lexsort([np.arange(N_ITEMS), -counts])[:5]
    for size in (1, 16, None):
        items, scores = top_k(scorer_of(models[kind], seen), np.arange(N_USERS), 5, None, Execution(2, size))
        assert items[BLANK].tolist() == [popular.tolist()] * len(BLANK)
        assert scores[BLANK].tolist() == [counts[popular].tolist()] * len(BLANK)


def test_biases_tell_items_apart_for_everybody() -> None:
    seen, models = drawn()
    factors = models["factors"]
    assert isinstance(factors, Factors)
    biased = replace(factors, item_biases=np.arange(N_ITEMS, dtype=np.float32))
    items, _ = top_k(scorer_of(biased, seen), np.array(BLANK), 3)
    assert items.tolist() == [[19, 18, 17]] * len(BLANK)
