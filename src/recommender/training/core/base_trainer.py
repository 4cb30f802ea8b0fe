"""What the core's trainers have in common: epochs that run to their end, or leave nothing that can be used."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import scipy.sparse as sp
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.errors import RecommenderError
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training.core.build import compiled
from recommender.training.core.method import Machine, Method
from recommender.training.core.positives import number_items, read_positives
from recommender.training.core.rows import Rows


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


class BaseTrainer(ABC):
    """A model in training: the same bytes for any number of threads, and however its epochs are divided up.

    Parameters
    ----------
    interactions
        Shape (n_users, n_items), float32. What is above zero is a positive of that weight; the rest is left out. The
        order of the entries does not matter.
    settings
        Those of the family; ``epochs`` is not used.
    num_threads
        How many threads, at least 1.
    instruction_set
        One of those that the CPU has; None: the best. It changes the speed alone.

    Raises
    ------
    RecommenderError
        The core cannot train these interactions or settings, or it is not compiled from its sources.
    """

    group: ClassVar[str]
    """Where the settings are in ``params.yaml``, for messages."""

    def __init__(
        self,
        interactions: sp.coo_matrix,
        settings: TrainSettings | HistorySettings,
        num_threads: int = 1,
        instruction_set: str | None = None,
    ) -> None:
        if num_threads < 1:
            raise RecommenderError(f"num_threads must be at least 1, and is {num_threads}")
        n_items = interactions.shape[1]
        self._native = compiled()
        self._learning_rate = settings.learning_rate
        self._shape = interactions.shape
        self._item_numbers = number_items(n_items, settings.random_state)
        self._positives = read_positives(interactions, self._item_numbers)
        self._method = Method.of(settings, len(self._positives.items), n_items)
        self._machine = Machine(num_threads, instruction_set or self._native.instruction_sets()[-1])
        self._epochs_done = 0
        self._fit_for_use = True

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
        violations, draws = self._train(self._epochs_done)
        self._epochs_done += 1
        if not all(rows.are_finite(self._method.no_components) for rows in self._learned()):
            raise RecommenderError(
                f"training diverged in epoch {self._epochs_done}: the model is no longer finite; "
                f"lower {self.group}.learning_rate, which is {self._learning_rate}"
            )
        self._fit_for_use = True
        return EpochStats(self._epochs_done, len(self._positives.items), violations, draws)

    def run_epochs(self, count: int) -> Iterator[Epoch[LightFM]]:
        """Run epochs, and tell of each; its model is a copy, made when it is asked for."""
        for _ in range(count):
            start = time.perf_counter()
            stats = self.run_epoch()
            yield Epoch(stats.epoch, self.model, stats.examples, time.perf_counter() - start, stats.violations)

    @abstractmethod
    def model(self) -> LightFM:
        """Copy what has been learned into a plain model."""

    @abstractmethod
    def _train(self, epoch: int) -> tuple[int, int]:
        """Run the epoch of this number, from 0, in place; give the violations and the draws."""

    @abstractmethod
    def _learned(self) -> tuple[Rows, ...]:
        """Give all that is learned."""

    def _require_fit_for_use(self) -> None:
        if not self._fit_for_use:
            raise RecommenderError("an epoch was broken off, and the model is half-made; train a new one")

    def _put_items(self, items: Rows, model: LightFM) -> None:
        """Copy the items' rows into a model, in the caller's order."""
        (
            model.item_embeddings,
            model.item_embedding_gradients,
            model.item_biases,
            model.item_bias_gradients,
        ) = (array[self._item_numbers] for array in items.arrays(self._method.no_components))
