"""History WARP in training, epoch by epoch, in compiled code: a user is a sum over what the user has."""

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.settings.peers import HistorySettings
from recommender.training.core.base_trainer import BaseTrainer
from recommender.training.core.histories import Histories
from recommender.training.core.rows import Rows
from recommender.training.core.sources import Sources


class HistoryTrainer(BaseTrainer):
    """History WARP in training. See :class:`BaseTrainer` for the parameters; the positives are the histories, too."""

    group = "peers.history"

    def __init__(
        self,
        interactions: sp.coo_matrix,
        settings: HistorySettings,
        num_threads: int = 1,
        instruction_set: str | None = None,
    ) -> None:
        super().__init__(interactions, settings, num_threads, instruction_set)
        self._settings = settings
        random, n_items = np.random.RandomState(settings.random_state), self._shape[1]
        self._items, sources = (Rows.start(random, n_items, settings.no_components) for _ in range(2))
        self._histories = Histories.of(settings, sources, self._positives)

    @property
    def sources(self) -> Sources:
        """A copy of what turns a history into a user: those of training into the users of :meth:`model`."""
        self._require_fit_for_use()
        embeddings, *_ = self._histories.sources.arrays(self._method.no_components)
        return Sources(embeddings[self._item_numbers], self._settings.scale, self._settings.exponent)

    def model(self) -> LightFM:
        """Copy what has been learned into a plain model, its users written out.

        It predicts, but ``fit_partial`` would train something else: users with embeddings of their own.
        """
        self._require_fit_for_use()
        others = {"epochs", "seeds", "scale", "exponent", "dropout"}
        model = LightFM(loss="warp", **self._settings.model_dump(exclude=others))
        model.fit_partial(sp.coo_matrix(self._shape), epochs=0)
        self._put_items(self._items, model)
        items = np.argsort(self._item_numbers)[self._positives.items]
        entries = (np.ones(len(items), dtype=np.float32), items, self._positives.row_starts)
        model.user_embeddings = self.sources.users(sp.csr_matrix(entries, shape=self._shape))
        return model

    def _train(self, epoch: int) -> tuple[int, int]:
        counts: tuple[int, int] = self._native.run_history_epoch(
            epoch, self._positives, self._histories, self._items, self._method, self._machine
        )
        return counts

    def _learned(self) -> tuple[Rows, ...]:
        return self._histories.sources, self._items
