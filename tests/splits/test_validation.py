"""Which users a validation set is of."""

import numpy as np
import scipy.sparse as sp

from recommender.splits.validation import validation


def test_only_users_with_two_positives_are_drawn() -> None:
    owned = -np.eye(40, 50, dtype=np.float32)  # everybody knows what they do not like
    owned[:, 49] = 1
    owned[[7, 23], 48] = 1
    for seed in range(20):
        parts = validation(sp.coo_matrix(owned), 1, 0.5, seed)
        assert set(parts.test.row) < {7, 23}
        assert parts.test.nnz == 1
    assert set(validation(sp.coo_matrix(owned), 2, 0.5, seed=0).test.row) == {7, 23}


def test_the_seed_decides_who_is_drawn() -> None:
    everything = sp.coo_matrix(np.ones((40, 4), dtype=np.float32))
    drawn = [frozenset(validation(everything, 5, 0.5, seed).test.row) for seed in range(10)]
    assert {len(users) for users in drawn} == {5}
    assert len(set(drawn)) == 10


def test_nothing_is_set_aside_where_nobody_has_two_positives() -> None:
    parts = validation(sp.coo_matrix(np.eye(3, dtype=np.float32)), 5, 0.5, seed=0)
    assert (parts.train.nnz, parts.test.nnz) == (3, 0)
