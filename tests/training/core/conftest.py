"""What the tests of the core share: small data, settings, and a fingerprint of a model."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from lightfm import LightFM

from recommender.settings.params_file import read_yaml
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings

PARAMS = Path(__file__).parents[3] / "params.yaml"


@pytest.fixture(scope="session")
def settings() -> Callable[..., TrainSettings]:
    values = read_yaml(PARAMS)["train"] | {
        "loss": "warp", "no_components": 10, "epochs": 5, "learning_schedule": "adagrad", "learning_rate": 0.05,
        "item_alpha": 0.0, "user_alpha": 0.0, "max_sampled": 10, "random_state": 42,
    }  # fmt: skip
    return lambda **changed: TrainSettings.model_validate(values | changed)


@pytest.fixture(scope="session")
def history_settings() -> Callable[..., HistorySettings]:
    values = {
        "no_components": 10, "epochs": 5, "learning_rate": 0.05, "max_sampled": 10, "scale": 1.5, "exponent": 0.7,
        "dropout": 0.3, "item_alpha": 0.0, "seeds": 1, "random_state": 42,
    }  # fmt: skip
    return lambda **changed: HistorySettings.model_validate(values | changed)


@pytest.fixture(scope="session")
def interactions() -> sp.coo_matrix:
    """Give some 12,000 positives of 400 users and 300 programs; who likes what follows two hidden tastes."""
    random = np.random.RandomState(0)
    taste = random.randn(400, 2) @ random.randn(2, 300) + random.gumbel(size=(400, 300))
    users, items = np.nonzero(taste > np.quantile(taste, 0.9))
    order = random.permutation(len(users))
    ones = np.ones(len(users), dtype=np.float32)
    return sp.coo_matrix((ones, (users[order], items[order])), shape=(400, 300))


@pytest.fixture(scope="session")
def weighted(interactions: sp.coo_matrix) -> sp.coo_matrix:
    """Give the same with weights of all sizes."""
    weights = np.random.RandomState(1).exponential(size=interactions.nnz).astype(np.float32) + np.float32(0.01)
    return sp.coo_matrix((weights, (interactions.row, interactions.col)), shape=interactions.shape)


@pytest.fixture(scope="session")
def fingerprint() -> Callable[[LightFM], str]:
    """Hash all arrays of a model."""

    def of(model: LightFM) -> str:
        digest = hashlib.sha256()
        for name, value in sorted(vars(model).items()):
            if isinstance(value, np.ndarray):
                digest.update(f"{name} {value.shape} {value.dtype}".encode())
                digest.update(value.tobytes())
        return digest.hexdigest()

    return of
