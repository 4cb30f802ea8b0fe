"""What the stages that train share."""

import sys
from collections.abc import Callable

import scipy.sparse as sp
from lightfm import LightFM

from recommender.files.arrays import read_csr
from recommender.progress import progress
from recommender.ranking.factors import Factors
from recommender.settings.train import TrainSettings
from recommender.stages._stage import Stage
from recommender.training.factors import factors_of
from recommender.training.reference import fit


class Training:
    """Training as a stage declares it: its settings and features."""

    def __init__(self, stage: Stage) -> None:
        self.settings = stage.settings("train", TrainSettings)
        self._name = stage.name
        self._execution = stage.execution()
        self._user_features = read_csr(stage.dep("user_features.npz"))
        self._program_features = read_csr(stage.dep("program_features.npz"))

    def fit(self, interactions: sp.coo_matrix, on_epoch: Callable[[int, LightFM], None] | None = None) -> LightFM:
        """Train a model, and show how far it has come."""
        settings = self.settings
        if self._execution.num_threads > 1:
            print("training uses one thread: on more, LightFM gives another model each time", file=sys.stderr)
        title = f"{self._name}, {settings.loss}"
        with progress(title, settings.epochs, "epochs", self._execution.progress) as advance:

            def after(epoch: int, model: LightFM) -> None:
                if on_epoch:
                    on_epoch(epoch, model)
                advance()

            return fit(interactions, settings, self._user_features, self._program_features, after)

    def factors(self, model: LightFM) -> Factors:
        """Give what ranking needs of a model."""
        return factors_of(model, self._user_features, self._program_features)
