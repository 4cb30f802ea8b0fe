"""History WARP in training, epoch by epoch, in compiled code: the user is a sum over what the user has."""

import time
from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.errors import RecommenderError
from recommender.settings.peers import HistorySettings
from recommender.training.core.build import compiled
from recommender.training.core.histories import Histories
from recommender.training.core.method import Machine, Method
from recommender.training.core.positives import number_items, read_positives
from recommender.training.core.rows import Floats, Rows
from recommender.training.core.sources import Sources
from recommender.training.core.trainer import EpochStats
from recommender.training.epoch import Epoch


class HistoryTrainer:
    """A model in training: the same bytes for any number of threads, and however its epochs are divided up.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items), float32. What is above zero is a positive of that weight, and part of its user's
        history; the rest is left out. The order of the entries does not matter.
    settings
        ``epochs`` is not used.
    num_threads
        How many threads, at least 1.
    instruction_set
        One of those that the CPU has; None: the best. It changes the speed alone.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions, or it is not compiled from its sources.
    """

    def __init__(
        self,
        interactions: sp.coo_matrix,
        settings: HistorySettings,
        num_threads: int = 1,
        instruction_set: str | None = None,
    ) -> None:
        if num_threads < 1:
            raise RecommenderError(f"num_threads must be at least 1, and is {num_threads}")
        n_items = interactions.shape[1]
        self._native = compiled()
        self._settings = settings
        self._shape = interactions.shape
        self._item_numbers = number_items(n_items, settings.random_state)
        self._positives = read_positives(interactions, self._item_numbers)
        self._method = Method.of_history(settings, len(self._positives.items), n_items)
        self._machine = Machine(num_threads, instruction_set or self._native.instruction_sets()[-1])
        self._epochs_done = 0
        self._fit_for_use = True
        random = np.random.RandomState(settings.random_state)
        targets, sources = (_start(random, n_items, settings.no_components) for _ in range(2))
        zeros, ones = np.zeros(n_items, dtype=np.float32), np.ones(n_items, dtype=np.float32)
        self._items = Rows.of(targets, np.ones_like(targets), zeros, ones)
        self._histories = Histories.of(settings, sources, self._positives)

    def run_epoch(self) -> EpochStats:
        """Go over all positives once.

        Raises
        ------
        RecommenderError
            Training diverged.
        KeyboardInterrupt
            Or whatever else a signal's handler raises. After any exception the trainer refuses to be used.
        """
        self._require_fit_for_use()
        self._fit_for_use = False
        violations, draws = self._native.run_history_epoch(
            self._epochs_done, self._positives, self._histories, self._items, self._method, self._machine
        )
        self._epochs_done += 1
        if not all(rows.are_finite(self._method.no_components) for rows in (self._histories.sources, self._items)):
            raise RecommenderError(
                f"training diverged in epoch {self._epochs_done}: the model is no longer finite; "
                f"lower peers.history.learning_rate, which is {self._settings.learning_rate}"
            )
        self._fit_for_use = True
        return EpochStats(self._epochs_done, len(self._positives.items), violations, draws)

    @property
    def sources(self) -> Sources:
        """A copy of what turns any history into a user: those of training into the users of :meth:`model`."""
        self._require_fit_for_use()
        embeddings, *_ = self._histories.sources.arrays(self._method.no_components)
        return Sources(embeddings[self._item_numbers], self._settings.scale, self._settings.exponent)

    def model(self) -> LightFM:
        """Copy what has been learned into a plain model, its users written out. To fit it further is another method."""
        self._require_fit_for_use()
        chosen, positives = self._settings, self._positives
        model = LightFM(
            loss="warp",
            no_components=chosen.no_components,
            learning_rate=chosen.learning_rate,
            max_sampled=chosen.max_sampled,
            item_alpha=chosen.item_alpha,
            random_state=chosen.random_state,
        ).fit_partial(sp.coo_matrix(self._shape), epochs=0)
        (
            model.item_embeddings,
            model.item_embedding_gradients,
            model.item_biases,
            model.item_bias_gradients,
        ) = (array[self._item_numbers] for array in self._items.arrays(chosen.no_components))
        items = np.argsort(self._item_numbers)[positives.items]
        histories = (np.ones(len(items), dtype=np.float32), items, positives.row_starts)
        model.user_embeddings = self.sources.users(sp.csr_matrix(histories, shape=self._shape))
        return model

    def _require_fit_for_use(self) -> None:
        if not self._fit_for_use:
            raise RecommenderError("an epoch was broken off, and the model is half-made; train a new one")


def _start(random: np.random.RandomState, n_items: int, no_components: int) -> Floats:
    """Draw embeddings as LightFM does."""
    return ((random.rand(n_items, no_components) - 0.5) / no_components).astype(np.float32)


def history_epochs(interactions: sp.coo_matrix, settings: HistorySettings, num_threads: int = 1) -> Iterator[Epoch]:
    """Train a new model of history WARP, epoch by epoch.

    Parameters
    ----------
    interactions, settings, num_threads
        As for :class:`HistoryTrainer`.

    Yields
    ------
    Epoch
        Its model is a copy, made when it is asked for.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions, it is not compiled from its sources, or training diverged.
    """
    trainer = HistoryTrainer(interactions, settings, num_threads)
    for _ in range(settings.epochs):
        start = time.perf_counter()
        stats = trainer.run_epoch()
        yield Epoch(stats.epoch, trainer.model, stats.examples, time.perf_counter() - start, stats.violations)
