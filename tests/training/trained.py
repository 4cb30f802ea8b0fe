"""Training to the end, for tests that look at the result alone."""

import scipy.sparse as sp
from lightfm import LightFM

from recommender.settings.train import TrainSettings
from recommender.training import core, reference
from recommender.training.examples import Examples


def by_core(interactions: sp.coo_matrix, settings: TrainSettings, num_threads: int = 1) -> LightFM:
    """Train by the compiled core."""
    *_, last = core.epochs(interactions, settings, num_threads)
    return last.model()


def by_lightfm(interactions: sp.coo_matrix, settings: TrainSettings) -> LightFM:
    """Train by LightFM's own fit, without features."""
    *_, last = reference.epochs(Examples(interactions), settings)
    return last.model()
