"""The best k items of each user."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import SEQUENTIAL, Execution
from recommender.ranking.blocks import Block, cells_where, in_blocks, scored
from recommender.ranking.keys import pack, unpack
from recommender.ranking.scorer import Scorer

Items = NDArray[np.int32]
Scores = NDArray[np.float32]

RUN = 16
"""The number of items that share a maximum in the first of two levels of selection."""


def top_k(
    scorer: Scorer,
    users: NDArray[np.integer],
    k: int,
    exclude: sp.csr_matrix | None = None,
    execution: Execution = SEQUENTIAL,
) -> tuple[Items, Scores]:
    """Rank items for users, the higher exact score first; of equal scores, the lower item.

    Parameters
    ----------
    scorer
        Scores items for users.
    users
        Shape (n,): the users.
    k
        The length of the lists.
    exclude
        Shape (n_users, n_items): entries are items that a user must not get.
    execution
        How it is computed.

    Returns
    -------
    items : ndarray of shape (n, min(k, n_items)), int32
        The best first; -1 where a user has no items left.
    scores : ndarray of the same shape, float32
        Their scores; -inf where there is no item.

    Examples
    --------
    >>> from recommender.baselines.most_popular import most_popular
    >>> liked = sp.csr_matrix(np.array([[1, 1, 0], [0, 1, 0]], dtype=np.float32))
    >>> items, scores = top_k(most_popular(liked), np.array([0, 1]), 2, exclude=liked)
    >>> items
    array([[ 2, -1],
           [ 0,  2]], dtype=int32)
    """
    n_items = scorer.shape[1]
    items = np.empty((len(users), min(k, n_items)), dtype=np.int32)
    scores = np.empty(items.shape, dtype=np.float32)

    def rank(part: slice) -> None:
        items[part], scores[part] = best(scored(scorer, users[part], exclude), items.shape[1])

    for _ in in_blocks(rank, len(users), n_items, execution):
        pass
    return items, scores


def best(block: Block, k: int) -> tuple[Items, Scores]:
    """Select the best k items, at most n_items, of each user of a block, as `top_k` does."""
    rows, items = _candidates(block, k)
    counts = np.bincount(rows)
    width = max(k, counts.max(initial=0))
    keys = np.zeros((len(block.users), width), dtype=np.uint64)
    position = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows]
    keys[rows, position] = pack(block.exact(rows, items), items)
    if width > k:
        keys = np.partition(keys, width - k, axis=1)[:, width - k :]
    keys = np.sort(keys, axis=1)[:, ::-1]
    scores, ranked = unpack(keys)
    there = keys > 0
    return np.where(there, ranked, -1).astype(np.int32), np.where(there, scores, -np.inf).astype(np.float32)


def _candidates(block: Block, k: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the items that may be among a row's best k, row by row.

    The k-th largest maximum of runs of items is at most the k-th largest score. So only runs whose maximum reaches it,
    less both margins, are looked into, and selection touches each score once. Where runs are few, each item is a run.
    """
    n_rows, n_items = block.scores.shape
    run = RUN if n_items >= 4 * RUN * k else 1
    n_runs = n_items // run
    whole = block.scores[:, : n_runs * run].reshape(n_rows, run, n_runs)
    rest = block.scores[:, n_runs * run :]
    maxima = whole.max(axis=1)
    least = _reached(maxima, k) - 2 * block.margin
    least = np.maximum(least, np.finfo(np.float32).min)  # what is excluded is no candidate
    rows, runs = cells_where(maxima >= least[:, None])
    chosen, offsets = cells_where(whole[rows, :, runs] >= least[rows, None])
    rest_rows, rest_items = cells_where(rest >= least[:, None])
    rows = np.concatenate([rows[chosen], rest_rows])
    items = np.concatenate([offsets * n_runs + runs[chosen], n_runs * run + rest_items])
    order = np.argsort(rows, kind="stable")
    return rows[order], items[order]


def _reached(scores: Scores, k: int) -> Scores:
    """Find for each row a bound, as high as is cheap, that at least k of its scores reach."""
    while scores.shape[1] >= 4 * RUN * k:
        n_runs = scores.shape[1] // RUN
        scores = scores[:, : n_runs * RUN].reshape(len(scores), RUN, n_runs).max(axis=1)
    return np.partition(scores, scores.shape[1] - k, axis=1)[:, scores.shape[1] - k]
