"""The limits of the core: what it can train, and what is left to LightFM's own fit."""

import numpy as np
import scipy.sparse as sp

from recommender.settings.train import TrainSettings

LOSSES = ("warp", "bpr")
LEARNING_SCHEDULES = ("adagrad",)


def supports(
    settings: TrainSettings,
    user_features: sp.csr_matrix | None = None,
    item_features: sp.csr_matrix | None = None,
) -> str | None:
    """Name the reason why the core cannot train this, if there is one.

    Parameters
    ----------
    settings
        LightFM's arguments.
    user_features, item_features
        Shapes (n_users, n_user_features) and (n_items, n_item_features); None: the identity.

    Returns
    -------
    str or None
        The reason, fit for a log line, or None: the core can.
    """
    if settings.loss not in LOSSES:
        return f"train.loss is {settings.loss!r}"
    if settings.learning_schedule not in LEARNING_SCHEDULES:
        return f"train.learning_schedule is {settings.learning_schedule!r}"
    for name, features in (("users", user_features), ("programs", item_features)):
        if features is not None and not _is_identity(features):
            return f"features.{name} are used"
    return None


def _is_identity(features: sp.csr_matrix) -> bool:
    rows, columns = features.shape
    return bool(
        rows == columns
        and features.nnz == rows
        and np.array_equal(features.indptr, np.arange(rows + 1))
        and np.array_equal(features.indices, np.arange(rows))
        and (features.data == 1).all()
    )
