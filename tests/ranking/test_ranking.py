"""Ranking is that of exact scores: a full sort, the lower item first of equal ones, whatever the block or thread."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.execution import Execution, processors
from recommender.files.factors import Factors
from recommender.metrics.ranks import ranks_of
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.scorer import ExactBlocks, Scorer
from recommender.ranking.top_k import top_k

Floats = NDArray[np.float32]


class Table(ExactBlocks):
    """Scores that are written down."""

    def __init__(self, table: Floats) -> None:
        self.table = table
        n_users, n_items = table.shape
        self.shape = n_users, n_items

    def scores(self, users: NDArray[np.integer]) -> Floats:
        scores: Floats = self.table[users]
        return scores


class Rough:
    """Written scores, and blocks that are off by exactly as much as they say, for some users not at all."""

    def __init__(self, table: Floats, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.table = table
        self.shape = table.shape[0], table.shape[1]
        self.margin = rng.choice([0, 0.5, 1, 1.5], size=table.shape[0]).astype(np.float32)
        self.off = rng.choice([-1, 0, 1], size=table.shape).astype(np.float32)

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:
        del precise
        margin = self.margin[users]
        return self.table[users] + self.off[users] * margin[:, None], margin

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        scores: Floats = self.table[users, items]
        return scores


def near_ties(n_users: int, n_items: int, components: int, seed: int) -> FactorScorer:
    """Items in groups whose scores differ by nothing, or by less than the rounding of a product in float32."""
    rng = np.random.default_rng(seed)
    users = rng.normal(size=(n_users, components)).astype(np.float32)
    groups = rng.normal(size=(max(1, n_items // 8), components)).astype(np.float32)
    items = groups[rng.integers(len(groups), size=n_items)]
    nudged = rng.random(n_items) < 0.5
    items[nudged, 0] = np.nextafter(items[nudged, 0], np.float32(9))
    user_biases = (100 * rng.normal(size=n_users)).astype(np.float32)
    return FactorScorer(Factors(users, user_biases, items, np.zeros(n_items, dtype=np.float32)))


def exact_scores(scorer: Scorer) -> Floats:
    users, items = np.divmod(np.arange(scorer.shape[0] * scorer.shape[1]), scorer.shape[1])
    return scorer.exact(users, items).reshape(scorer.shape)


def sorted_items(scores: Floats, seen: NDArray[np.bool_]) -> list[int]:
    """Sort the items of one user in the most obvious way."""
    return sorted(np.flatnonzero(~seen).tolist(), key=lambda item: (-float(scores[item]), item))


def some(n_users: int, n_items: int, share: float, seed: int) -> NDArray[np.bool_]:
    return np.random.default_rng(seed).random((n_users, n_items)) < share


def csr(mask: NDArray[np.bool_]) -> sp.csr_matrix:
    return sp.csr_matrix(mask.astype(np.float32))


@st.composite
def scorers(draw: st.DrawFn) -> Scorer:
    n_users, n_items = draw(st.integers(1, 12)), draw(st.sampled_from([1, 2, 7, 40, 129, 700]))
    seed = draw(st.integers(0, 2**16))
    kind = draw(st.sampled_from(["table", "rough", "factors"]))
    if kind == "factors":
        return near_ties(n_users, n_items, draw(st.sampled_from([1, 2, 10, 33])), seed)
    written = np.random.default_rng(seed).integers(-3, 3, size=(n_users, n_items)).astype(np.float32)
    return Table(written) if kind == "table" else Rough(written, seed)


@settings(deadline=None, max_examples=60)
@given(scorers(), st.integers(1, 12), st.sampled_from([0.0, 0.3, 0.98, 1.0]), st.integers(0, 99))
def test_top_k_is_the_start_of_a_full_sort(scorer: Scorer, k: int, seen_share: float, seed: int) -> None:
    seen, scores = some(*scorer.shape, seen_share, seed), exact_scores(scorer)
    items, found = top_k(scorer, np.arange(scorer.shape[0]), k, csr(seen), Execution(block_size=5))
    assert (str(items.dtype), str(found.dtype)) == ("int32", "float32")
    assert items.shape == found.shape == (scorer.shape[0], min(k, scorer.shape[1]))
    for user, expected in enumerate(sorted_items(*row) for row in zip(scores, seen, strict=True)):
        width = min(len(expected), items.shape[1])
        assert items[user, :width].tolist() == expected[:width]
        assert found[user, :width].tobytes() == scores[user, expected[:width]].tobytes()
        assert (items[user, width:] == -1).all()
        assert (found[user, width:] == -np.inf).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n_items", [9, 300, 2999])
def test_scores_that_are_off_by_all_of_their_margin_change_no_rank(n_items: int, seed: int) -> None:
    """So many levels of scores that few are equal, and so few that all are within reach of others."""
    written = np.random.default_rng(seed).integers(0, n_items, size=(20, n_items)) / 4
    scorer = Rough(written.astype(np.float32), seed)
    users, seen, tests = np.arange(20), some(20, n_items, 0.2, seed), some(20, n_items, 0.2, seed + 1)
    order = np.argsort(np.where(seen, np.inf, -written), axis=1, kind="stable")
    for k in (1, 4, 9):
        found, scores = top_k(scorer, users, k, csr(seen))
        for user in users:
            expected = order[user, : min(k, n_items - seen[user].sum())]
            assert found[user, : len(expected)].tolist() == expected.tolist()
            assert scores[user, : len(expected)].tolist() == written[user, expected].tolist()
    rank = np.argsort(order, axis=1)
    assert ranks_of(scorer, csr(tests & ~seen), users, csr(seen)).rank.tolist() == (rank[tests & ~seen] + 1).tolist()


@pytest.mark.parametrize("n_items", [3, 64, 71, 1101])
def test_whichever_item_is_the_best_is_found(n_items: int) -> None:
    items, scores = top_k(Table(np.eye(n_items, dtype=np.float32)), np.arange(n_items), 1)
    assert items.tolist() == [[item] for item in range(n_items)]
    assert (scores == 1).all()


@pytest.mark.parametrize(("n_items", "k"), [(70_000, 1), (70_000, 20), (70_000, 60), (70_000, 1200)])
def test_of_many_items_the_best_are_those_of_a_full_sort_however_many_are_asked_for(n_items: int, k: int) -> None:
    written = np.random.default_rng(k).integers(0, n_items, size=(3, n_items)).astype(np.float32)
    items, _ = top_k(Table(written), np.arange(3), k)
    assert items.tolist() == np.argsort(-written, axis=1, kind="stable")[:, :k].tolist()


@pytest.mark.parametrize("n_items", [3, 71])
def test_the_lowest_number_there_is_is_a_score_and_what_is_excluded_has_none(n_items: int) -> None:
    lowest = Table(np.full((n_items, n_items), np.finfo(np.float32).min))
    items, scores = top_k(lowest, np.arange(n_items), 2, csr(~np.eye(n_items, dtype=bool)))
    assert items.tolist() == [[item, -1] for item in range(n_items)]
    assert scores.tolist() == [[np.finfo(np.float32).min, -np.inf]] * n_items


def test_a_score_may_be_off_downwards_and_that_of_its_rival_upwards() -> None:
    """What two margins are for, and that the limit is within them; of the equal, the lower item, however they look."""
    scorer = Rough(np.array([[2, 0, 3, 2], [1, 1, 1, 1]], dtype=np.float32), seed=0)
    scorer.margin[:] = 0.5
    scorer.off[:] = [[1, 0, -1, 1], [-1, -1, 1, 1]]
    items, scores = top_k(scorer, np.arange(2), 2)
    assert items.tolist() == [[2, 0], [0, 1]]
    assert scores.tolist() == [[3, 2], [1, 1]]
    found = ranks_of(scorer, csr(np.array([[1, 0, 1, 1], [1, 1, 1, 1]], dtype=bool)), np.arange(2))
    assert found.above.tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert found.equal.tolist() == [1, 0, 1, 3, 3, 3, 3]
    assert found.equal_first.tolist() == [0, 0, 1, 0, 1, 2, 3]
    assert found.rank.tolist() == [2, 1, 3, 1, 2, 3, 4]


def test_a_lower_item_comes_first_only_if_its_score_is_the_same_to_the_last_bit() -> None:
    one = np.float32(1)
    below, above = np.nextafter(one, np.float32(0)), np.nextafter(one, np.float32(2))
    scorer = Rough(np.array([[below, one, above, one]], dtype=np.float32), seed=0)
    scorer.margin[:], scorer.off[:] = 0.5, 0
    found = ranks_of(scorer, csr(np.ones((1, 4), dtype=bool)), np.arange(1))
    assert found.above.tolist() == [3, 1, 0, 1]
    assert found.equal.tolist() == [0, 1, 0, 1]
    assert found.equal_first.tolist() == [0, 0, 0, 1]


@settings(deadline=None, max_examples=60)
@given(scorers(), st.floats(0, 1), st.integers(0, 99))
def test_ranks_are_the_places_in_a_full_sort(scorer: Scorer, seen_share: float, seed: int) -> None:
    seen, scores = some(*scorer.shape, seen_share, seed), exact_scores(scorer)
    tests = some(*scorer.shape, 0.2, seed + 1) & ~seen
    users = np.flatnonzero(tests.any(axis=1))[::-1]
    if not len(users):
        return
    found = ranks_of(scorer, csr(tests), users, csr(seen), Execution(block_size=3))
    expected = []
    for user in users:
        places, candidates = sorted_items(scores[user], seen[user]), np.flatnonzero(~seen[user])
        for item in np.flatnonzero(tests[user]):
            ties = candidates[scores[user, candidates] == scores[user, item]]
            above = int((scores[user, candidates] > scores[user, item]).sum())
            expected.append((above, len(ties) - 1, int((ties < item).sum()), places.index(int(item)) + 1))
    columns = (found.above, found.equal, found.equal_first, found.rank)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


@pytest.mark.parametrize("block_size", [1, 3, 16, 1000, None])
@pytest.mark.parametrize("num_threads", [1, 2, 4])
def test_block_size_and_threads_cannot_change_a_bit(block_size: int | None, num_threads: int) -> None:
    scorer = near_ties(61, 900, 32, seed=3)
    users, seen = np.arange(61)[::-1], some(61, 900, 0.1, seed=4)
    tests = csr(some(61, 900, 0.02, seed=5) & ~seen)
    able = users[np.diff(tests.indptr)[users] > 0]
    for one, other in zip(
        top_k(scorer, users, 10, csr(seen)),
        top_k(scorer, users, 10, csr(seen), Execution(num_threads, block_size)),
        strict=True,
    ):
        assert one.tobytes() == other.tobytes()
    one_ranks = ranks_of(scorer, tests, able, csr(seen))
    other_ranks = ranks_of(scorer, tests, able, csr(seen), Execution(num_threads, block_size))
    for name in ("above", "equal", "equal_first"):
        assert getattr(one_ranks, name).tobytes() == getattr(other_ranks, name).tobytes()


def test_written_scores_are_exact_in_blocks_as_well() -> None:
    table = Table(np.arange(12, dtype=np.float32).reshape(3, 4))
    scores, margin = table.block(np.array([2, 0]))
    assert scores.tolist() == [[8, 9, 10, 11], [0, 1, 2, 3]]
    assert (margin.tolist(), str(margin.dtype)) == ([0, 0], "float32")
    assert table.exact(np.array([2, 0]), np.array([1, 3])).tolist() == [9, 3]


def test_how_many_rivals_are_held_at_a_time_cannot_change_a_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    written = np.random.default_rng(0).integers(-3, 3, size=(20, 50)).astype(np.float32)
    for scorer in (Table(written), Rough(written, seed=0)):
        tests = csr(some(20, 50, 0.3, seed=1))
        expected = ranks_of(scorer, tests, np.arange(20))
        for cells in (1, 50, 50 * 7):
            monkeypatch.setattr("recommender.metrics.ranks.CELLS", cells)
            found = ranks_of(scorer, tests, np.arange(20))
            for name in ("above", "equal", "equal_first"):
                assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()


def test_progress_adds_up_to_the_users_and_threads_are_at_least_one() -> None:
    advanced: list[int] = []
    top_k(near_ties(50, 20, 4, seed=0), np.arange(50), 3, execution=Execution(2, 16, advanced.append))
    assert advanced == [16, 16, 16, 2]
    assert processors() >= 1
    with pytest.raises(ValueError, match="at least 1"):
        Execution(0)


def test_nobody_to_rank_for_gives_an_empty_table() -> None:
    items, scores = top_k(near_ties(3, 20, 4, seed=0), np.arange(0), 5)
    assert items.shape == scores.shape == (0, 5)


def test_the_fast_product_alone_would_rank_near_ties_wrongly() -> None:
    """What the margin is for: otherwise the tests above would prove nothing."""
    scorer = near_ties(64, 500, 32, seed=1)
    users = np.arange(64)
    fast, _ = scorer.block(users)
    naive = np.argsort(-fast, axis=1, kind="stable")[:, :10]
    items, _ = top_k(scorer, users, 10)
    assert (naive != items).any()
