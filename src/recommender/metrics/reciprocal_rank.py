"""Reciprocal rank, whose mean over users is MRR."""

import numpy as np

from recommender.metrics.ranked import PerUser, Ranked


def reciprocal_rank(ranked: Ranked, k: int | None = None) -> PerUser:
    """Measure 1 / r, r being the place of the first test item; 0 if that is beyond k.

    Parameters
    ----------
    ranked
        Where the test items stand.
    k
        The length of the list; None: the full ranking.

    Notes
    -----
    Voorhees, "The TREC-8 question answering track report" (1999).
    """
    first = ranked.place[ranked.starts[:-1]]
    return 1 / first if k is None else np.where(first <= k, 1 / first, 0)
