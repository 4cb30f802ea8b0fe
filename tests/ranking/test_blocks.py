"""Users are gone through in blocks: all of them, in their order, within a bounded memory."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.execution import Execution
from recommender.ranking.blocks import cells_where, entries, in_blocks

SCORES_IN_16_MB = 2**22


def sizes(n_users: int, n_items: int) -> list[int]:
    return list(in_blocks(lambda part: part.stop - part.start, n_users, n_items))


@pytest.mark.parametrize("n_items", [0, 1, 10, 4096, 4097, 100_000, 2**18, 2**18 + 1, 10**7])
def test_a_block_is_as_large_as_16_megabytes_of_scores_allow_but_of_16_to_1024_users(n_items: int) -> None:
    size, *others, last = sizes(5000, n_items)
    assert set(others) == {size}
    assert size * (len(others) + 1) + last == 5000
    assert 1 <= last <= size
    assert size % 16 == 0
    assert 16 <= size <= 1024
    assert size == 16 or size * n_items <= SCORES_IN_16_MB
    assert size == 1024 or (size + 16) * n_items > SCORES_IN_16_MB


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 60), st.integers(1, 20), st.integers(1, 4))
def test_every_user_is_worked_on_once_and_results_are_in_order(n_users: int, size: int, num_threads: int) -> None:
    advanced: list[int] = []
    parts = list(in_blocks(range(n_users).__getitem__, n_users, 5, Execution(num_threads, size, advanced.append)))
    assert [user for part in parts for user in part] == list(range(n_users))
    assert advanced == [len(part) for part in parts]
    assert all(length == size for length in advanced[:-1])


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2**25 - 1))
def test_the_cells_where_a_condition_holds_are_numpys(n: int, m: int, bits: int) -> None:
    condition = np.array([bits >> cell & 1 for cell in range(n * m)], dtype=bool).reshape(n, m)
    for found, expected in zip(cells_where(condition), np.nonzero(condition), strict=True):
        assert found.tolist() == expected.tolist()


def test_the_entries_of_some_rows_are_listed_row_by_row_whatever_their_values() -> None:
    values, columns = np.array([1, 0, -1, 2, 5], dtype=np.float32), np.array([3, 1, 0, 2, 1])
    matrix = sp.csr_matrix((values, columns, np.array([0, 2, 2, 4, 5])), shape=(4, 4))
    rows, items = entries(matrix, np.array([3, 0, 1, 2, 0]))
    assert rows.tolist() == [0, 1, 1, 3, 3, 4, 4]
    assert items.tolist() == [1, 3, 1, 0, 2, 3, 1]
