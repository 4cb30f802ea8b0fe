"""A LightFM model in training, epoch by epoch, in compiled code."""

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.training.core.base_trainer import BaseTrainer
from recommender.training.core.rows import Floats, Rows
from recommender.training.core.support import supports
from recommender.training.lightfm_arguments import lightfm_arguments


class Trainer(BaseTrainer):
    """WARP or BPR in training. See :class:`BaseTrainer` for the parameters, and :func:`supports` for the settings."""

    group = "train"

    def __init__(
        self,
        interactions: sp.coo_matrix,
        settings: TrainSettings,
        num_threads: int = 1,
        instruction_set: str | None = None,
    ) -> None:
        reason = supports(settings)
        if reason:
            raise RecommenderError(f"the compiled trainer cannot be used: {reason}")
        super().__init__(interactions, settings, num_threads, instruction_set)
        self._settings = settings
        start = self._new_model()
        self._users = Rows.of(*_taken(start, "user"))
        item_at = np.argsort(self._item_numbers)
        self._items = Rows.of(*(array[item_at] for array in _taken(start, "item")))

    def model(self) -> LightFM:
        """Copy what has been learned into a plain model, on which ``fit_partial`` can go on."""
        self._require_fit_for_use()
        model = self._new_model()
        (
            model.user_embeddings,
            model.user_embedding_gradients,
            model.user_biases,
            model.user_bias_gradients,
        ) = self._users.arrays(self._method.no_components)
        self._put_items(self._items, model)
        return model

    def _train(self, epoch: int) -> tuple[int, int]:
        counts: tuple[int, int] = self._native.run_epoch(
            epoch, self._positives, self._users, self._items, self._method, self._machine
        )
        return counts

    def _learned(self) -> tuple[Rows, ...]:
        return self._users, self._items

    def _new_model(self) -> LightFM:
        model = LightFM(**lightfm_arguments(self._settings))
        return model.fit_partial(sp.coo_matrix(self._shape), epochs=0)


def _taken(model: LightFM, side: str) -> Iterator[Floats]:
    """Take what is learned about one side out of a model, so that no two copies of all stay in memory."""
    names = ("embeddings", "embedding_gradients", "biases", "bias_gradients")
    for unused in ("embedding_momentum", "bias_momentum"):
        delattr(model, f"{side}_{unused}")
    return (vars(model).pop(f"{side}_{name}") for name in names)
