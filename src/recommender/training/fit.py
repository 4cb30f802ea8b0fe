"""Training by the trainer that the settings name."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.settings.train import TrainSettings
from recommender.training import core, reference


@dataclass(frozen=True)
class Epoch:
    """An epoch that has been trained.

    Attributes
    ----------
    number
        Counted from 1.
    model
        Gives the model so far, which must not be changed.
    figures
        What it did, for people: examples per second and, if the trainer knows, the share that found a violation.
    """

    number: int
    model: Callable[[], LightFM]
    figures: Mapping[str, str]


def fit(
    interactions: sp.coo_matrix,
    settings: TrainSettings,
    user_features: sp.csr_matrix,
    item_features: sp.csr_matrix,
    num_threads: int = 1,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> LightFM:
    """Train a new model by the compiled core, if the settings say so and it can, or else by LightFM's own fit.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items), float32; above 0: a positive, below: a known negative. See
        `recommender.training.reference.fit`.
    settings
        The trainer, and LightFM's arguments.
    user_features, item_features
        Shapes (n_users, n_user_features) and (n_items, n_item_features), float32.
    num_threads
        How many threads the core uses; it cannot change the result. LightFM's own fit uses one.
    on_epoch
        Called after each epoch.

    Raises
    ------
    RecommenderError
        The interactions or the settings are not what the trainer can train, or training diverged.
    """
    last = time.perf_counter()

    def done(number: int, examples: int, model: Callable[[], LightFM], figures: Mapping[str, str]) -> None:
        nonlocal last
        now = time.perf_counter()
        if on_epoch:
            on_epoch(Epoch(number, model, {"examples/s": f"{examples / max(now - last, 1e-9):,.0f}", **figures}))
        last = time.perf_counter()

    if needs_lightfm(settings, user_features, item_features) is None:
        return core.fit(
            interactions,
            settings,
            num_threads,
            lambda stats, trainer: done(
                stats.epoch,
                stats.examples,
                trainer.model,
                {"violations": f"{stats.violations / stats.examples:.0%}"},
            ),
        )
    learned = interactions.nnz if settings.loss == "logistic" else int(np.count_nonzero(interactions.data > 0))
    return reference.fit(
        interactions,
        settings,
        user_features,
        item_features,
        lambda epoch, model: done(epoch, learned, lambda: model, {}),
    )


def needs_lightfm(settings: TrainSettings, user_features: sp.csr_matrix, item_features: sp.csr_matrix) -> str | None:
    """Say why LightFM's own fit is used; None: it is not."""
    if settings.trainer == "lightfm":
        return "train.trainer is 'lightfm'"
    return core.supports(settings, user_features, item_features)
