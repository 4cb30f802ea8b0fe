"""The method of an epoch, which decides the result, and the machine, which changes the speed alone."""

from decimal import Decimal
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings

MIN_BATCH, MAX_BATCH = 16, 4096
BATCHES_PER_EPOCH = 256


class Method(NamedTuple):
    """Everything beside the data that decides the result, the same in every epoch."""

    loss: str
    """``warp`` or ``bpr``."""
    no_components: int
    learning_rate: float
    user_alpha: float
    """The users' L2 penalty; history WARP learns nothing about a user."""
    item_alpha: float
    """The items' L2 penalty."""
    rank_losses: NDArray[np.float32]
    """Shape (max_sampled,): WARP's loss when the n-th draw violates the ranking."""
    batches: int
    """The number of batches that the positives are dealt into."""
    seed: int

    @classmethod
    def of(cls, settings: TrainSettings | HistorySettings, n_positives: int, n_items: int) -> Self:
        """Take over the settings, and fit the rest to the size of the data."""
        return cls(
            loss="warp" if isinstance(settings, HistorySettings) else settings.loss,
            no_components=settings.no_components,
            learning_rate=settings.learning_rate,
            user_alpha=0.0 if isinstance(settings, HistorySettings) else settings.user_alpha,
            item_alpha=settings.item_alpha,
            rank_losses=rank_losses(n_items, settings.max_sampled),
            batches=-(-n_positives // batch_size(n_positives, n_items)),
            seed=settings.random_state,
        )


class Machine(NamedTuple):
    """The means that an epoch runs on; they change the speed alone."""

    threads: int
    instruction_set: str
    """One of those that the compiled module names for this CPU."""


def rank_losses(n_items: int, max_sampled: int) -> NDArray[np.float32]:
    """Compute WARP's loss for each draw that may violate the ranking, as LightFM does: the log of the estimated rank.

    Parameters
    ----------
    n_items
        How many items negatives are drawn from.
    max_sampled
        How many are drawn at most. No more are needed than there are items, for the loss is zero from there on.

    Returns
    -------
    numpy.ndarray
        Shape (min(max_sampled, n_items),), float32. The logarithms are `decimal`'s, which are correctly rounded;
        those of the C library differ between versions.
    """
    ranks = [max(1, (n_items - 1) // draw) for draw in range(1, min(max_sampled, n_items) + 1)]
    logarithms = {rank: float(Decimal(rank).ln()) for rank in set(ranks)}
    return np.array([logarithms[rank] for rank in ranks], dtype=np.float32)


def batch_size(n_positives: int, n_items: int) -> int:
    """Choose how many examples a batch has on average, by the data alone: the batches are part of the result.

    Within a batch the items stand still. Small batches keep an item from being updated often within one, so that the
    model is as good as LightFM's; large ones keep the threads from waiting for each other.
    """
    return max(MIN_BATCH, min(MAX_BATCH, n_items, n_positives // BATCHES_PER_EPOCH))
