"""LightFM's own fit, on one thread: with more it gives another model each time (lyst/lightfm issues 225, 286, 480)."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings


def fit(
    interactions: sp.coo_matrix,
    settings: TrainSettings,
    user_features: sp.csr_matrix | None = None,
    item_features: sp.csr_matrix | None = None,
    on_epoch: Callable[[int, LightFM], None] | None = None,
) -> LightFM:
    """Train a new LightFM model, epoch by epoch, exactly as ``LightFM.fit`` with ``num_threads=1`` does.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items), float32, entries in the order of the data, which is part of the result. The sign
        says whether an entry is a positive or a known negative, the size how much it weighs.
    settings
        LightFM's arguments.
    user_features, item_features
        Shapes (n_users, n_user_features) and (n_items, n_item_features), float32; None: the identity.
    on_epoch
        Called after each epoch with its number, from 1, and the model so far, which it must not change.

    Returns
    -------
    lightfm.LightFM
        A plain model.

    Raises
    ------
    RecommenderError
        The weights do not fit the loss, or training diverged.
    """
    weights = np.abs(interactions.data)
    weighted = bool((weights != 1).any())
    if weighted and settings.loss == "warp-kos":
        raise RecommenderError("train.loss is 'warp-kos', which knows no weights: set data.weight to none")
    # LightFM skips what is not positive, except for the logistic loss; left out here, it costs no time there.
    learned = np.ones(interactions.nnz, dtype=bool) if settings.loss == "logistic" else interactions.data > 0
    rows, cols = interactions.row[learned], interactions.col[learned]
    signs = np.sign(interactions.data[learned]).astype(np.float32)
    entries = sp.coo_matrix((signs, (rows, cols)), shape=interactions.shape)
    sample_weight = None
    if weighted:
        sample_weight = sp.coo_matrix((weights[learned], (rows, cols)), shape=interactions.shape)

    model = LightFM(**settings.of_lightfm())
    for epoch in range(1, settings.epochs + 1):
        try:
            with np.errstate(all="ignore"):  # the sums by which LightFM looks for what is not finite
                model.fit_partial(entries, user_features, item_features, sample_weight, epochs=1, num_threads=1)
        except ValueError as error:
            if "finite" not in str(error):
                raise
            raise RecommenderError(
                f"training diverged in epoch {epoch}: the model is no longer finite; "
                f"lower train.learning_rate, which is {settings.learning_rate}"
            ) from None
        if on_epoch:
            on_epoch(epoch, model)
    return model
