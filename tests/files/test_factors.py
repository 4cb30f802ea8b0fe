"""A model's representations belong together, are finite, and are the same in their file."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import RecommenderError
from recommender.files.factors import Factors
from recommender.files.models import read_model, write_model

NAMES = [field.name for field in fields(Factors)]


def drawn() -> Factors:
    rng = np.random.default_rng(0)
    return Factors(*(rng.normal(size=shape).astype(np.float32) for shape in ((3, 2), (3,), (4, 2), (4,))))


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    factors = drawn()
    write_model(tmp_path / "factors.npz", factors)
    found = read_model(tmp_path / "factors.npz")
    assert isinstance(found, Factors)
    assert found.shape == factors.shape == (3, 4)
    for name in NAMES:
        assert getattr(found, name).tobytes() == getattr(factors, name).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_arrays_that_do_not_belong_together_are_refused_and_described(name: str) -> None:
    factors = drawn()
    array = getattr(factors, name)
    others = [array[:-1], array[..., None], array.astype(np.float64), np.concatenate([array, array], axis=-1)]
    others += [array.ravel()] if array.ndim == 2 else []
    for other in others:
        with pytest.raises(RecommenderError, match="these arrays are not a model: float") as caught:
            replace(factors, **{name: other})
        assert f"{other.dtype} {other.shape}" in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused_by_name(name: str, value: float) -> None:
    factors = drawn()
    broken = getattr(factors, name).copy()
    broken.flat[-1] = value
    with pytest.raises(RecommenderError, match=f"{name} are not all finite.*train.learning_rate"):
        replace(factors, **{name: broken})
