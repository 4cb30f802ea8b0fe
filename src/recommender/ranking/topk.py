"""The best k items of each user."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.ranking.blocks import in_blocks
from recommender.ranking.scorer import Scorer

RUN = 16
"""How many items share a maximum in the first of two levels of selection."""


def top_k(
    scorer: Scorer,
    users: NDArray[np.integer],
    k: int,
    exclude: sp.csr_matrix | None = None,
    num_threads: int = 1,
    block_size: int | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rank items for users, the higher exact score first; of equal scores, the lower item.

    Parameters
    ----------
    scorer
        Scores items for users.
    users
        Shape (n,): which users.
    k
        How many items at most.
    exclude
        Shape (n_users, n_items): entries are items that a user must not get.
    num_threads, block_size
        How it is computed; they cannot change the result.

    Returns
    -------
    items : ndarray of shape (n, min(k, n_items)), int32
        Fewer than k where no more are left; the rest is -1.
    scores : ndarray of the same shape, float32
        Their scores; -inf where there is no item.
    """
    n_items = scorer.shape[1]
    k = min(k, n_items)
    items = np.full((len(users), k), -1, dtype=np.int32)
    scores = np.full((len(users), k), -np.inf, dtype=np.float32)

    def rank(rows: NDArray[np.intp]) -> None:
        block_users = users[rows]
        block = scorer.block(block_users)
        mask_excluded(block, block_users, exclude)
        places, candidates = _candidates(block, k, 2 * scorer.margin(block_users))
        exact = scorer.exact(block_users[places], candidates)
        order = np.lexsort((candidates, -exact, places))
        places, candidates, exact = places[order], candidates[order], exact[order]
        begins = np.searchsorted(places, np.arange(len(rows)))
        position = np.arange(len(places)) - begins[places]
        best = position < k
        items[rows[places[best]], position[best]] = candidates[best]
        scores[rows[places[best]], position[best]] = exact[best]

    for _ in in_blocks(rank, len(users), n_items, num_threads, block_size):
        pass
    return items, scores


def mask_excluded(block: NDArray[np.float32], users: NDArray[np.integer], exclude: sp.csr_matrix | None) -> None:
    """Set the scores of excluded items to -inf, in place."""
    if exclude is None:
        return
    starts, counts = exclude.indptr[users], np.diff(exclude.indptr)[users]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = exclude.indices[np.repeat(starts, counts) + within]
    block[np.repeat(np.arange(len(users)), counts), columns] = -np.inf


def _candidates(
    block: NDArray[np.float32], k: int, slack: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places and items of all scores that may be among a row's best k, given that each may be off by half the slack.

    The k-th largest of the runs' maxima is at most the k-th largest score. So only runs whose maximum reaches it, less
    the slack, are looked into: selection touches each score once.
    """
    n_rows, n_items = block.shape
    n_runs = n_items // RUN
    if n_runs <= k:
        places, items = np.nonzero(block > -np.inf)
        return places, items
    whole, rest = block[:, : n_runs * RUN].reshape(n_rows, RUN, n_runs), block[:, n_runs * RUN :]
    maxima = whole.max(axis=1)
    least = np.partition(maxima, n_runs - k, axis=1)[:, n_runs - k] - slack
    places, runs = np.nonzero(maxima >= least[:, None])
    inside = whole[places, :, runs]
    chosen, offsets = np.nonzero((inside >= least[places, None]) & (inside > -np.inf))
    rest_places, rest_items = np.nonzero((rest >= least[:, None]) & (rest > -np.inf))
    return (
        np.concatenate([places[chosen], rest_places]),
        np.concatenate([offsets * n_runs + runs[chosen], n_runs * RUN + rest_items]),
    )
