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
from recommender.threads import threads
from recommender.training.factors import factors_of
from recommender.training.fit import Epoch, fit, needs_lightfm

MANY = 1_000_000
"""From so many interactions on, whoever waits for LightFM is told what would be faster."""


class Training:
    """Training as a stage declares it: its settings and features."""

    def __init__(self, stage: Stage) -> None:
        self.settings = stage.settings("train", TrainSettings)
        self._name = stage.name
        self._execution = stage.execution()
        self._user_features = read_csr(stage.dep("user_features.npz"))
        self._program_features = read_csr(stage.dep("program_features.npz"))

    def fit(self, interactions: sp.coo_matrix, on_epoch: Callable[[Epoch], None] | None = None) -> LightFM:
        """Train a model, and show how far it has come."""
        settings, features = self.settings, (self._user_features, self._program_features)
        self._explain(needs_lightfm(settings, *features), interactions.nnz)
        title = f"{self._name}, {settings.loss}"
        with progress(title, settings.epochs, "epochs", self._execution.progress) as advance:

            def after(epoch: Epoch) -> None:
                if on_epoch:
                    on_epoch(epoch)
                advance(**epoch.figures)

            return fit(interactions, settings, *features, threads(self._execution.num_threads), after)

    def factors(self, model: LightFM) -> Factors:
        """Give what ranking needs of a model."""
        return factors_of(model, self._user_features, self._program_features)

    def _explain(self, reason: str | None, n_interactions: int) -> None:
        if reason is None:
            return
        if self.settings.trainer == "core":
            print(f"trained by LightFM's own fit on one thread, since {reason}", file=sys.stderr)
        elif self._execution.num_threads > 1 or n_interactions >= MANY:
            print(
                "training uses one thread: on more, LightFM gives another model each time; "
                "train.trainer 'core' gives the same one on any number, and is faster",
                file=sys.stderr,
            )
