"""Catalogue coverage."""

import numpy as np

from recommender.metrics.recommended import Recommended


def coverage(recommended: Recommended) -> float:
    """Measure the share of all items that are in at least one list.

    The divisor is the whole catalogue, so m users with lists of length k cannot reach more than m k / n_items.

    Ge, Delgado-Battenfeld and Jannach, "Beyond accuracy: evaluating recommender systems by coverage and serendipity",
    RecSys 2010.
    """
    return float(np.count_nonzero(recommended.exposure) / len(recommended.popularity))
