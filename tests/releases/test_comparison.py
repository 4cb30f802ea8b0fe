"""A model is worse than the last release when the whole interval of the difference is below zero, and not before."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fuzz.foreign import Memory
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.evaluation.bootstrap import Interval
from recommender.releases.comparison import Comparison, compare
from recommender.serving.lock import Lock

SETTINGS = {
    "ks": [10, 5], "confidence": 0.95, "bootstrap_samples": 1000, "seed": 42, "segments": [5],
}  # fmt: skip
USERS = [f"u_{number}" for number in range(40)]


def parquet(metrics: dict[str, Any], users: list[str] = USERS) -> bytes:
    """The values of the model, between those of two others."""
    n = len(users)
    columns: dict[str, Any] = {name: [9.0] * n + list(values) + [-9.0] * n for name, values in metrics.items()}
    table = pa.table({"model": ["random"] * n + ["model"] * n + ["popular"] * n, "user_id": users * 3} | columns)
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def source(content: bytes, md5: str = "0" * 32, size: int = 5, **settings: Any) -> Memory:
    params = {f"evaluate.{name}": value for name, value in (SETTINGS | settings).items()}
    stages: dict[str, dict[str, Any]] = {
        "split": {"outs": [{"path": "data/split/test.npz", "md5": md5, "size": size}]},
        "evaluate": {"params": {"params.yaml": params}},
    }
    return Memory({"per_user.parquet": content}, Lock(stages))


def values(mean: float, spread: float = 0.1, seed: int = 0) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.random.default_rng(seed).normal(0, spread, len(USERS))
    found += mean - found.mean()
    return found


@pytest.mark.parametrize(
    ("low", "mean", "high", "is_worse"),
    [(-3, -2, -1, True), (-2, -1, 0, False), (-2, -1, 1, False), (0, 0, 0, False), (1, 2, 3, False), (-2, 1, -1, True)],
)
def test_it_is_worse_when_even_the_upper_bound_is_below_zero(
    low: float, mean: float, high: float, is_worse: bool
) -> None:
    assert Comparison("ndcg@10", Interval(mean=mean, low=low, high=high)).is_worse is is_worse


def test_the_difference_is_the_new_less_the_old_for_each_user() -> None:
    new, old = values(0.2), values(0.5, seed=1)
    found = compare(source(parquet({"ndcg@10": new})), source(parquet({"ndcg@10": old})))
    assert found
    assert found.metric == "ndcg@10"
    assert found.difference.mean == pytest.approx(-0.3)
    assert found.difference.low < -0.3 < found.difference.high < 0
    assert found.is_worse
    turned = compare(source(parquet({"ndcg@10": old})), source(parquet({"ndcg@10": new})))
    assert turned
    assert not turned.is_worse
    assert turned.difference.mean == pytest.approx(0.3)


def test_what_may_be_chance_is_not_worse() -> None:
    found = compare(source(parquet({"ndcg@10": values(0.49)})), source(parquet({"ndcg@10": values(0.5, seed=1)})))
    assert found
    assert (found.difference.mean < 0, found.is_worse) == (True, False)


def test_confidence_samples_and_seed_are_those_of_the_new_one() -> None:
    old = source(parquet({"ndcg@10": values(0.5, seed=1)}), confidence=0.5, seed=1, bootstrap_samples=100, ks=[7])

    def interval(**settings: Any) -> Interval:
        found = compare(source(parquet({"ndcg@10": values(0.4)}), **settings), old)
        assert found
        return found.difference

    usual = interval()
    assert usual == interval()
    for changed in ({"confidence": 0.5}, {"seed": 1}, {"bootstrap_samples": 100}):
        assert interval(**changed) != usual
    wide, narrow = interval(confidence=0.99), interval(confidence=0.5)
    assert wide.low < usual.low < narrow.low < narrow.high < usual.high < wide.high


def test_the_first_k_of_the_new_one_that_the_old_one_has_too_is_compared() -> None:
    new = source(parquet({"ndcg@10": values(0.1), "ndcg@5": values(0.2), "ndcg@20": values(0.9)}), ks=[20, 5, 10])
    old = source(parquet({"ndcg@10": values(0.5), "ndcg@5": values(0.5)}), ks=[10, 5])
    found = compare(new, old)
    assert found
    assert (found.metric, round(found.difference.mean, 6)) == ("ndcg@5", -0.3)
    for k in (20, 7):
        with pytest.raises(RecommenderError, match=r"measured at no common k; `evaluate\.ks` must keep one"):
            compare(source(parquet({"ndcg@20": values(0.9)}), ks=[k]), old)


def test_what_was_tested_on_other_interactions_or_users_is_not_compared() -> None:
    content = parquet({"ndcg@10": values(0.5)})
    assert compare(source(content), source(content))
    assert compare(source(content), source(content, md5="1" * 32)) is None
    assert compare(source(content), source(content, size=6)) is None
    for users in ([*USERS[:-1], "other"], [USERS[1], USERS[0], *USERS[2:]]):
        assert compare(source(content), source(parquet({"ndcg@10": values(0.5)}, users))) is None


def test_the_same_users_are_the_same_however_a_file_numbers_them() -> None:
    n = len(USERS)
    table = pa.table({"model": ["a"] * n + ["model"] * n, "user_id": USERS[::-1] + USERS, "ndcg@10": [0.5] * (2 * n)})
    stream = io.BytesIO()
    pq.write_table(table, stream)
    assert compare(source(parquet({"ndcg@10": values(0.5)})), source(stream.getvalue()))


def test_values_of_32_bits_are_compared_in_64() -> None:
    new = source(parquet({"ndcg@10": values(0.3).astype(np.float32)}))
    found = compare(new, source(parquet({"ndcg@10": values(0.1, seed=1)})))
    assert found
    exact = values(0.3).astype(np.float32).astype(np.float64) - values(0.1, seed=1)
    assert found.difference.mean == exact.mean()


def test_values_that_are_none_are_one_short_printable_line() -> None:
    good = source(parquet({"ndcg@10": values(0.5)}))
    stream = io.BytesIO()
    pq.write_table(pa.table({"user_id": USERS}), stream)
    long = io.BytesIO()
    pq.write_table(pa.table({"model": [{"a" * 300: 1}]}), long)
    for content in (b"no table", stream.getvalue(), long.getvalue()):
        for pair in ((source(content), good), (good, source(content))):
            with pytest.raises(RecommenderError) as error:
                compare(*pair)
            said = str(error.value)
            assert said.startswith("per_user.parquet is not what this version writes: ")
            assert said.isprintable()
            most = len("per_user.parquet is not what this version writes: ") + 200
            assert len(said) == most if content == long.getvalue() else len(said) < most
    with pytest.raises(RecommenderError, match=r"dvc\.lock: evaluate"):
        compare(source(parquet({"ndcg@10": values(0.5)}), ks=[]), good)
