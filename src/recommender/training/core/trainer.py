"""A LightFM model in training, epoch by epoch, in compiled code."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.training.core.build import compiled
from recommender.training.core.method import Machine, Method
from recommender.training.core.positives import number_items, read_positives
from recommender.training.core.rows import Floats, Rows
from recommender.training.core.support import supports
from recommender.training.lightfm_arguments import lightfm_arguments


@dataclass(frozen=True)
class EpochStats:
    """Figures of an epoch."""

    epoch: int
    """Its number, counted from 1."""
    examples: int
    """The positives that it went over."""
    violations: int
    """The examples for which a negative was found to learn from."""
    draws: int
    """The negatives that were drawn."""


class Trainer:
    """A model in training: the same bytes for any number of threads, and however its epochs are divided up.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items), float32. What is above zero is a positive of that weight; the rest is left out. The
        order of the entries does not matter.
    settings
        LightFM's arguments; ``epochs`` is not used. See :func:`recommender.training.core.supports`.
    num_threads
        How many threads, at least 1.
    instruction_set
        One of those that the CPU has; None: the best. It changes the speed alone.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions or settings, or it is not compiled from its sources.
    """

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
        if num_threads < 1:
            raise RecommenderError(f"num_threads must be at least 1, and is {num_threads}")
        n_items = interactions.shape[1]
        self._native = compiled()
        self._settings = settings
        self._shape = interactions.shape
        self._item_numbers = number_items(n_items, settings.random_state)
        self._positives = read_positives(interactions, self._item_numbers)
        self._method = Method.of(settings, len(self._positives.items), n_items)
        self._machine = Machine(num_threads, instruction_set or self._native.instruction_sets()[-1])
        self._epochs_done = 0
        self._fit_for_use = True
        start = self._new_model()
        self._users = Rows.of(*_taken(start, "user"))
        item_at = np.argsort(self._item_numbers)
        self._items = Rows.of(*(array[item_at] for array in _taken(start, "item")))

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
        violations, draws = self._native.run_epoch(
            self._epochs_done, self._positives, self._users, self._items, self._method, self._machine
        )
        self._epochs_done += 1
        if not all(rows.are_finite(self._method.no_components) for rows in (self._users, self._items)):
            raise RecommenderError(
                f"training diverged in epoch {self._epochs_done}: the model is no longer finite; "
                f"lower train.learning_rate, which is {self._settings.learning_rate}"
            )
        self._fit_for_use = True
        return EpochStats(self._epochs_done, len(self._positives.items), violations, draws)

    def model(self) -> LightFM:
        """Copy what has been learned into a plain model, on which ``fit_partial`` can go on."""
        self._require_fit_for_use()
        model, no_components = self._new_model(), self._method.no_components
        (
            model.user_embeddings,
            model.user_embedding_gradients,
            model.user_biases,
            model.user_bias_gradients,
        ) = self._users.arrays(no_components)
        (
            model.item_embeddings,
            model.item_embedding_gradients,
            model.item_biases,
            model.item_bias_gradients,
        ) = (array[self._item_numbers] for array in self._items.arrays(no_components))
        return model

    def _require_fit_for_use(self) -> None:
        if not self._fit_for_use:
            raise RecommenderError("an epoch was broken off, and the model is half-made; train a new one")

    def _new_model(self) -> LightFM:
        model = LightFM(**lightfm_arguments(self._settings))
        return model.fit_partial(sp.coo_matrix(self._shape), epochs=0)


def _taken(model: LightFM, side: str) -> Iterator[Floats]:
    """Take what is learned about one side out of a model, so that no two copies of all stay in memory."""
    names = ("embeddings", "embedding_gradients", "biases", "bias_gradients")
    for unused in ("embedding_momentum", "bias_momentum"):
        delattr(model, f"{side}_{unused}")
    return (vars(model).pop(f"{side}_{name}") for name in names)


def epochs(interactions: sp.coo_matrix, settings: TrainSettings, num_threads: int = 1) -> Iterator[Epoch[LightFM]]:
    """Train a new LightFM model, epoch by epoch.

    Parameters
    ----------
    interactions, settings, num_threads
        As for :class:`Trainer`.

    Yields
    ------
    Epoch
        Its model is a copy, made when it is asked for.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions or settings, it is not compiled from its sources, or training diverged.
    """
    trainer = Trainer(interactions, settings, num_threads)
    for _ in range(settings.epochs):
        start = time.perf_counter()
        stats = trainer.run_epoch()
        yield Epoch(stats.epoch, trainer.model, stats.examples, time.perf_counter() - start, stats.violations)
