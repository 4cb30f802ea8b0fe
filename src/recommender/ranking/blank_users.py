"""Scores for users of whom a model knows nothing: the popularity of items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.scorer import Scorer

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class OrPopular:
    """A `recommender.ranking.scorer.Scorer` that scores by popularity where another one has nothing to go by.

    Attributes
    ----------
    scorer
        The other one.
    is_blank
        Shape (n_users,), bool: True for users to whom it gives the same score for every item.
    popularity
        Shape (n_items,), float32: what these users get instead.
    """

    scorer: Scorer
    is_blank: NDArray[np.bool_]
    popularity: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """The number of users and of items."""
        return self.scorer.shape

    def block(self, users: NDArray[np.integer], *, precise: bool = False) -> tuple[Floats, Floats]:
        """Score every item for some users; see `Scorer`."""
        scores, margin = self.scorer.block(users, precise=precise)
        blank = self.is_blank[users]
        scores[blank], margin[blank] = self.popularity, 0
        return scores, margin

    def exact(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Score pairs; see `Scorer`."""
        return np.where(self.is_blank[users], self.popularity[items], self.scorer.exact(users, items))
