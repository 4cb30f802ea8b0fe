"""EASE is what a plain solve says, about the most popular items, or one line that names the setting to change."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse as sp
from peers.drawn import EASE, dense, interactions

from recommender.errors import RecommenderError
from recommender.execution import Execution
from recommender.peers import _native
from recommender.peers.ease import ease
from recommender.peers.inverse import TILE
from recommender.settings.peers import EaseSettings


@pytest.mark.parametrize("n_items", [1, 2, 30, TILE - 1, TILE, TILE + 1, 3 * TILE + 7])
def test_the_weights_are_those_of_numpys_inverse(n_items: int) -> None:
    train = interactions(60, n_items, seed=n_items)
    owned = (train.toarray() > 0).astype(np.float64)
    inverse = np.linalg.inv(owned.T @ owned + 3 * np.eye(n_items))
    expected = np.eye(n_items) - inverse / np.diag(inverse)
    found = ease(train, EASE, Execution(2))
    assert found.items.tolist() == list(range(n_items))
    assert not np.diag(dense(found)).any()
    assert dense(found) == pytest.approx(expected, abs=1e-7)


def test_it_is_about_the_most_popular_items_of_equal_ones_the_lower() -> None:
    owned = np.zeros((5, 6), dtype=np.float32)
    for item, users in enumerate([2, 4, 2, 5, 2, 0]):
        owned[:users, item] = 1
    found = ease(sp.csr_matrix(owned), EaseSettings(l2=1.0, most_items=4))
    assert found.items.tolist() == [0, 1, 2, 3]
    assert found.n_items == 6
    alone = ease(sp.csr_matrix(owned[:, :4]), EaseSettings(l2=1.0, most_items=9))
    assert dense(found) == pytest.approx(dense(alone))


@pytest.mark.parametrize("n_items", [30, 2 * TILE + 9])
def test_threads_and_instruction_sets_cannot_change_a_byte(n_items: int) -> None:
    train = interactions(80, n_items, seed=1)
    expected = ease(train, EASE, Execution(1), "baseline").values
    for threads in (1, 2, 3, 5):
        for instruction_set in _native.instruction_sets():
            found = ease(train, EASE, Execution(threads), instruction_set).values
            assert found.tobytes() == expected.tobytes(), (threads, instruction_set)


def test_its_progress_adds_up_to_the_items() -> None:
    advanced: list[int] = []
    ease(interactions(20, 2 * TILE + 5, seed=0), EASE, Execution(advance=advanced.append))
    assert advanced == [TILE, TILE, 5]


def test_a_penalty_too_small_to_solve_is_one_line() -> None:
    twice = sp.csr_matrix(np.ones((1000, 5), dtype=np.float32))
    with pytest.raises(RecommenderError, match=r"^EASE cannot be solved .* raise peers.ease.l2, which is 1e-14$"):
        ease(twice, EaseSettings(l2=1e-14, most_items=10))


TOO_LARGE = """
import resource
import scipy.sparse as sp
from recommender.errors import RecommenderError
from recommender.peers.ease import ease
from recommender.settings.peers import EaseSettings

train = sp.eye(20_000, format="csr", dtype="float32")
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
try:
    ease(train, EaseSettings(l2=1.0, most_items=30_000))
except RecommenderError as error:
    print(error)
"""


def test_too_little_memory_is_one_line_that_names_the_setting() -> None:
    done = subprocess.run([sys.executable, "-c", TOO_LARGE], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "there is not enough memory for EASE with 20000 programs, which takes 3.2 GB; "
        "lower peers.ease.most_items, which is 30000\n"
    )
