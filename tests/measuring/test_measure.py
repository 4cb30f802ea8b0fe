"""Every user counts, every item is a candidate, and what is computed does not depend on how."""

import numpy as np
import pytest
import scipy.sparse as sp
from evaluation.cases import neighbours, nothing, random_task, shuffled, untied
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import RecommenderError
from recommender.execution import Execution
from recommender.files.factors import Factors
from recommender.measuring.headline import headline_means
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.ranking.factor_scorer import FactorScorer


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**16), st.sampled_from([1, 3, 60]))
def test_what_lists_are_like_is_what_counting_by_hand_gives(seed: int, k: int) -> None:
    task, model = random_task(12, 20, seed), untied(12, 20, 4, seed)
    scores = model.exact(*np.divmod(np.arange(240), 20)).reshape(12, 20)
    train = task.train.toarray()
    lists = [
        [item for _, item in sorted((-scores[user, item], item) for item in np.flatnonzero(train[user] == 0))][:k]
        for user in task.users
    ]
    owners = [int((train[:, item] > 0).sum()) for item in range(20)]
    exposure = [sum(item in listed for listed in lists) for item in range(20)]
    differences = sum(abs(one - other) for one in exposure for other in exposure)
    novelty = [np.mean([-np.log2(max(1, owners[item]) / 12) for item in listed]) for listed in lists]

    found = measure(model, task, [k])
    assert found.exposure.tolist() == exposure
    assert found.overall[f"coverage@{k}"] == sum(count > 0 for count in exposure) / 20
    assert found.overall[f"gini@{k}"] == pytest.approx(differences / (2 * 20 * sum(exposure)), abs=1e-12)
    assert found.per_user[f"novelty@{k}"] == pytest.approx(novelty, abs=1e-12)
    popularity = [np.mean([owners[item] for item in listed]) for listed in lists]
    assert found.per_user[f"popularity@{k}"] == pytest.approx(popularity, abs=1e-12)


@pytest.mark.parametrize("num_threads", [1, 2, 4])
@pytest.mark.parametrize("block_size", [1, 7, None])
def test_threads_and_block_size_cannot_change_a_bit(num_threads: int, block_size: int | None) -> None:
    task, model = random_task(60, 90, seed=1), untied(60, 90, 8, seed=1)
    one, other = measure(model, task, [2, 5]), measure(model, task, [2, 5], Execution(num_threads, block_size))
    assert {name: values.tobytes() for name, values in one.per_user.items()} == {
        name: values.tobytes() for name, values in other.per_user.items()
    }
    assert one.overall == other.overall
    assert one.exposure.tobytes() == other.exposure.tobytes()


def test_what_else_is_measured_cannot_change_a_metric() -> None:
    task, model = random_task(60, 90, seed=1), untied(60, 90, 8, seed=1)
    among = measure(model, task, [10, 3, 500])
    for k in (3, 10, 500):
        alone = measure(model, task, [k])
        for name, values in alone.per_user.items():
            assert among.per_user[name].tobytes() == values.tobytes()
        assert alone.overall.items() <= among.overall.items()
    assert among.exposure.tolist() == measure(model, task, [10]).exposure.tolist()


def test_every_user_with_a_test_item_counts_and_no_other() -> None:
    task = random_task(30, 20, seed=0)
    tested = np.flatnonzero(task.test.toarray().any(axis=1))
    assert 0 < len(tested) < 30
    assert task.users.tolist() == tested.tolist()
    assert task.n_train.tolist() == (task.train.toarray()[tested] > 0).sum(axis=1).tolist()
    assert task.n_candidates.tolist() == (task.train.toarray()[tested] == 0).sum(axis=1).tolist()


def test_of_what_a_user_has_only_what_is_above_0_is_a_positive_and_nothing_is_a_candidate() -> None:
    values = np.array([1, -1, 0, 2.5, -0.5], dtype=np.float32)
    users, items = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 2])
    train = sp.csr_matrix((values, (users, items)), shape=(3, 6))
    test = sp.csr_matrix((np.ones(3, dtype=np.float32), (np.arange(3), np.array([5, 5, 3]))), shape=(3, 6))
    task = Task.make(train, test)
    assert task.users.tolist() == [0, 1, 2]
    assert task.starts.tolist() == [0, 1, 2, 3]
    assert task.n_train.tolist() == [1, 1, 0]
    assert task.n_candidates.tolist() == [4, 3, 6]
    assert task.popularity.tolist() == [1, 1, 0, 0, 0, 0]
    assert task.consumed.tolist() == [0, 0, 0, 1, 0, 2]


def test_a_leaked_split_is_refused_whatever_the_value_of_what_leaked() -> None:
    test = sp.csr_matrix(np.array([[1, 0, 1], [0, 1, 0]], dtype=np.float32))
    for value in (1, -1):
        train = sp.csr_matrix(np.array([[0, 1, value], [1, 0, 0]], dtype=np.float32))
        with pytest.raises(RecommenderError, match="1 of 3 test interactions are in the training data too") as caught:
            Task.make(train, test)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [-1, -0.5, 0])
def test_a_task_takes_nothing_for_a_test_item_that_is_not_above_0(value: float) -> None:
    test = sp.csr_matrix(np.array([[1, 9, 0], [0, 9, 0]], dtype=np.float32))
    test.data[test.data == 9] = value
    task = Task.make(nothing((2, 3)), test)
    assert task.users.tolist() == [0]
    assert task.consumed.tolist() == [1, 0, 0]


def test_nothing_to_find_is_an_error() -> None:
    for test in (nothing((2, 3)), sp.csr_matrix(np.array([[0, -1, 0], [0, -1, 0]], dtype=np.float32))):
        with pytest.raises(RecommenderError, match="no test interaction"):
            Task.make(nothing((2, 3)), test)


def test_a_model_that_was_trained_on_the_test_items_stands_out() -> None:
    """Where there is nothing to learn, an honest model finds nothing, and one that has seen the answers does."""
    rng = np.random.default_rng(0)
    drawn = rng.random((200, 100))
    train, test = ((drawn < 0.1), (drawn > 0.95))
    honest, whole = (sp.csr_matrix(part.astype(np.float32)) for part in (train, train | test))
    task = Task.make(honest, sp.csr_matrix(test.astype(np.float32)))
    fair = measure(neighbours(honest), task, [10]).per_user
    leaked = measure(neighbours(whole), task, [10]).per_user
    assert fair["auc"].mean() == pytest.approx(0.5, abs=0.03)
    assert leaked["auc"].mean() > 0.7
    assert leaked["ndcg@10"].mean() > 2 * fair["ndcg@10"].mean()


def test_a_model_that_knows_beats_the_same_for_other_users() -> None:
    taste = np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32)
    items = np.random.default_rng(1).normal(size=(80, 4)).astype(np.float32)
    model = FactorScorer(Factors(taste, np.zeros(100, np.float32), items, np.zeros(80, np.float32)))
    liked = np.argsort(-taste @ items.T, axis=1)[:, :6]
    test = np.zeros((100, 80), dtype=np.float32)
    np.put_along_axis(test, liked, 1, axis=1)
    task = Task.make(nothing((100, 80)), sp.csr_matrix(test))
    assert measure(model, task, [6]).per_user["ndcg@6"].mean() == pytest.approx(1, abs=1e-9)
    assert measure(shuffled(model, 2), task, [6]).per_user["auc"].mean() == pytest.approx(0.5, abs=0.1)


def test_the_headlines_are_means_as_they_are_written() -> None:
    task, model = random_task(30, 20, seed=0), untied(30, 20, 4, seed=0)
    found = measure(model, task, [5])
    means = headline_means(found, 5)
    assert list(means) == ["ndcg@5", "precision@5", "recall@5", "auc"]
    for metric, mean in means.items():
        assert mean == round(float(found.per_user[metric].mean()), 6)
