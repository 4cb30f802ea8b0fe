"""Training in compiled code, epoch by epoch."""

from collections.abc import Iterator

import scipy.sparse as sp
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training.core.base_trainer import BaseTrainer
from recommender.training.core.history import HistoryTrainer
from recommender.training.core.trainer import Trainer


def epochs(
    interactions: sp.coo_matrix, settings: TrainSettings | HistorySettings, num_threads: int = 1
) -> Iterator[Epoch[LightFM]]:
    """Train a new model of the family that the settings are of, epoch by epoch.

    Parameters
    ----------
    interactions, settings, num_threads
        As for :class:`BaseTrainer`.

    Yields
    ------
    Epoch
        Its model is a copy, made when it is asked for.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions or settings, it is not compiled from its sources, or training diverged.
    """
    if isinstance(settings, HistorySettings):
        trainer: BaseTrainer = HistoryTrainer(interactions, settings, num_threads)
    else:
        trainer = Trainer(interactions, settings, num_threads)
    yield from trainer.run_epochs(settings.epochs)
