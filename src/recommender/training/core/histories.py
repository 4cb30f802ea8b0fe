"""Histories as the core reads them: in place of users' rows, what a user's embedding is summed up from."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.settings.peers import HistorySettings
from recommender.training.core.positives import Positives
from recommender.training.core.rows import Rows
from recommender.training.core.sources import sum_weights

MAX_VISITS = 8
POSITIVES_PER_VISIT = 16


class Histories(NamedTuple):
    """What the users' sums are made of, and how."""

    sources: Rows
    """The learned rows of the items as parts of a history; their biases are not used."""
    weights: NDArray[np.float32]
    """Shape (n_users,): what the sum is multiplied by in training; 0 where nothing is left without the target."""
    visits: NDArray[np.int32]
    """Shape (n_users,): the number of batches that a user's positives are dealt to."""
    dropout: int
    """The share of a history that a visit leaves out, of 2^32."""

    @classmethod
    def of(cls, settings: HistorySettings, sources: Rows, positives: Positives) -> Self:
        """Take over the settings, and fit the rest to the data.

        In training a user has one item less, the target, and the share ``1 - dropout`` of the rest.
        """
        lengths = np.diff(positives.row_starts)
        others = np.maximum(lengths - 1, 0)
        return cls(
            sources=sources,
            weights=sum_weights(others, settings.scale / (1 - settings.dropout), settings.exponent),
            visits=visits(lengths),
            dropout=int(settings.dropout * 2**32),
        )


def visits(lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """Choose how many batches a user's positives are dealt to, by their number.

    Each visit goes over the whole history twice: few cost little, and many let what was learned be seen sooner.
    """
    return np.clip(lengths // POSITIVES_PER_VISIT, 1, MAX_VISITS).astype(np.int32)
