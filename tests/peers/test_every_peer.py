"""What every linear model of items promises, whatever the data."""

import numpy as np
import pytest
import scipy.sparse as sp
from peers.drawn import MODELS, interactions

from recommender.execution import SEQUENTIAL, Execution
from recommender.ranking.item_scorer import ItemScorer

DEGENERATE = {
    "one item": np.ones((3, 1)),
    "one user": np.ones((1, 6)),
    "nobody has anything": np.zeros((3, 4)),
    "only known negatives": -np.ones((3, 4)),
    "everybody has everything": np.ones((5, 9)),
    "empty rows and columns": np.pad(np.eye(3), 2),
    "one has everything": np.vstack([np.ones((1, 9)), np.zeros((2, 9))]),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("data", DEGENERATE)
def test_degenerate_data_gives_a_model_that_scores(name: str, data: str) -> None:
    train = sp.csr_matrix(DEGENERATE[data].astype(np.float32))
    model = MODELS[name](train, SEQUENTIAL)
    assert model.n_items == train.shape[1]
    scores = ItemScorer(train, model).scores(np.arange(train.shape[0]))
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", MODELS)
def test_threads_cannot_change_a_byte(name: str) -> None:
    train = interactions(90, 150, seed=6)
    one = MODELS[name](train, SEQUENTIAL)
    for threads in (2, 3, 5):
        other = MODELS[name](train, Execution(threads))
        assert other.values.tobytes() == one.values.tobytes()
        if not isinstance(one.weights, np.ndarray) and not isinstance(other.weights, np.ndarray):
            assert other.weights.indices.tobytes() == one.weights.indices.tobytes()
            assert other.weights.indptr.tobytes() == one.weights.indptr.tobytes()


@pytest.mark.parametrize("name", MODELS)
def test_the_size_of_a_positive_and_the_order_of_entries_do_not_count(name: str) -> None:
    train = interactions(40, 30, seed=7)
    plain = sp.csr_matrix((train.toarray() > 0).astype(np.float32))
    entries = train.tocoo()
    shuffled = np.random.default_rng(0).permutation(train.nnz)
    rows, columns, data = entries.row[shuffled], entries.col[shuffled], entries.data[shuffled]
    by_rows = np.argsort(rows, kind="stable")
    unsorted = sp.csr_matrix((data[by_rows], columns[by_rows], train.indptr), shape=train.shape)
    expected = MODELS[name](plain, SEQUENTIAL).values.tobytes()
    assert MODELS[name](train, SEQUENTIAL).values.tobytes() == expected
    assert MODELS[name](unsorted, SEQUENTIAL).values.tobytes() == expected
