"""LightFM's own fit on one thread; on more it gives another model each time (lyst/lightfm issues 225, 286, 480)."""

import time
from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples
from recommender.training.lightfm_arguments import lightfm_arguments


def epochs(examples: Examples, settings: TrainSettings) -> Iterator[Epoch[LightFM]]:
    """Train a new LightFM model, epoch by epoch, exactly as ``LightFM.fit`` with ``num_threads=1`` does.

    Parameters
    ----------
    examples
        The interactions and features.
    settings
        LightFM's arguments.

    Yields
    ------
    Epoch
        Its model is one object, which the next epoch goes on training.

    Raises
    ------
    RecommenderError
        The weights do not fit the loss, or training diverged.
    """
    interactions = examples.interactions
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

    model = LightFM(**lightfm_arguments(settings))
    for number in range(1, settings.epochs + 1):
        start = time.perf_counter()
        try:
            with np.errstate(all="ignore"):  # the sums by which LightFM looks for what is not finite
                model.fit_partial(
                    entries, examples.user_features, examples.item_features, sample_weight, epochs=1, num_threads=1
                )
        except ValueError as error:
            if "finite" not in str(error):
                raise
            raise RecommenderError(
                f"training diverged in epoch {number}: the model is no longer finite; "
                f"lower train.learning_rate, which is {settings.learning_rate}"
            ) from None
        yield Epoch(number, lambda: model, entries.nnz, time.perf_counter() - start)
