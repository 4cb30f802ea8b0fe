"""What the core trains, and the reason why it does not train the rest."""

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.settings.train import TrainSettings
from recommender.training.core import supports

Settings = Callable[..., TrainSettings]


def test_warp_and_bpr_without_features_are_supported(settings: Settings) -> None:
    for loss in ("warp", "bpr"):
        assert supports(settings(loss=loss)) is None
        identity = sp.identity(3, format="csr", dtype=np.float32)
        assert supports(settings(loss=loss), identity, identity) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"loss": "logistic"}, "train.loss is 'logistic'"),
        ({"loss": "warp-kos"}, "train.loss is 'warp-kos'"),
        ({"learning_schedule": "adadelta"}, "train.learning_schedule is 'adadelta'"),
    ],
)
def test_the_setting_in_the_way_is_named(changed: dict[str, str], reason: str, settings: Settings) -> None:
    assert supports(settings(**changed)) == reason


@pytest.mark.parametrize(
    "features",
    [
        sp.csr_matrix(np.eye(3, 5, dtype=np.float32)),
        sp.csr_matrix(2 * np.eye(3, dtype=np.float32)),
        sp.csr_matrix(np.eye(3, dtype=np.float32)[[1, 0, 2]]),
        sp.csr_matrix(np.array([[1, 1], [0, 0]], dtype=np.float32)),
    ],
    ids=["more columns", "other values", "other order", "two in a row"],
)
def test_features_are_named(features: sp.csr_matrix, settings: Settings) -> None:
    assert supports(settings(), features) == "features.users are used"
    assert supports(settings(), None, features) == "features.programs are used"
