"""The exact rank of given items among all that a user could get."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.ranking.blocks import in_blocks
from recommender.ranking.scorer import Scorer
from recommender.ranking.topk import mask_excluded


@dataclass(frozen=True)
class Ranks:
    """Where items stand in their users' rankings; all of shape (n,), int64.

    Attributes
    ----------
    above
        How many candidates score higher.
    equal
        How many other candidates score the same.
    equal_first
        How many of those come first, being lower items.
    """

    above: NDArray[np.int64]
    equal: NDArray[np.int64]
    equal_first: NDArray[np.int64]

    @property
    def rank(self) -> NDArray[np.int64]:
        """The place in the list that `top_k` gives, from 1."""
        return 1 + self.above + self.equal_first


def ranks_of(
    scorer: Scorer,
    tests: sp.csr_matrix,
    users: NDArray[np.integer],
    exclude: sp.csr_matrix,
    num_threads: int = 1,
    block_size: int | None = None,
) -> Ranks:
    """Rank each user's test items among all items that are not excluded for the user.

    Parameters
    ----------
    scorer
        Scores items for users.
    tests
        Shape (n_users, n_items): entries are the items to rank. None may be excluded.
    users
        Shape (m,): whose items.
    exclude
        Shape (n_users, n_items): entries are items that are no candidates.
    num_threads, block_size
        How it is computed; they cannot change the result.

    Returns
    -------
    Ranks
        One for each entry of ``tests[users]``, in its order.
    """

    def rank(rows: NDArray[np.intp]) -> Ranks:
        block_users = users[rows]
        block = scorer.block(block_users)
        mask_excluded(block, block_users, exclude)
        wanted = tests[block_users]
        places = np.repeat(np.arange(len(rows)), np.diff(wanted.indptr))
        items = wanted.indices.astype(np.int64)
        ordered = np.sort(_keys(block, np.arange(block.shape[1])), axis=1)

        fast, slack = block[places, items], 2 * scorer.margin(block_users)[places]
        last = np.uint64(0xFFFFFFFF)
        low = _positions(ordered, places, _keys(fast - slack, np.uint64(0)))
        high = _positions(ordered, places, _keys(fast + slack, last) + np.uint64(1))
        if not slack.any():
            # The fast scores are exact, and equal ones are in the order of their items.
            position = _positions(ordered, places, _keys(fast, items))
            return Ranks(block.shape[1] - high, high - low - 1, position - low)
        # Between the two positions the fast scores are too close to tell; the exact ones decide.
        counts = high - low
        pair = np.repeat(np.arange(len(items)), counts)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        rivals = (ordered[places[pair], low[pair] + within] & last).astype(np.int64)
        theirs = scorer.exact(block_users[places[pair]], rivals)
        own = scorer.exact(block_users[places], items)[pair]
        rival = rivals != items[pair]
        same = (theirs == own) & rival

        def count(which: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(pair[which], minlength=len(items)).astype(np.int64)

        above = (block.shape[1] - high) + count((theirs > own) & rival)
        return Ranks(above, count(same), count(same & (rivals < items[pair])))

    parts = list(in_blocks(rank, len(users), scorer.shape[1], num_threads, block_size))
    return Ranks(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("above", "equal", "equal_first"))
    )


def _keys(scores: NDArray[np.float32], low: NDArray[np.integer] | np.uint64) -> NDArray[np.uint64]:
    """Whole numbers that sort like the scores, with `low` in their lower half."""
    bits = np.ascontiguousarray(scores + np.float32(0)).view(np.uint32)  # + 0 makes one of the two zeros
    flipped = np.where(bits >> np.uint32(31), ~bits, bits | np.uint32(0x80000000))
    return (flipped.astype(np.uint64) << np.uint64(32)) | np.asarray(low, dtype=np.uint64)


def _positions(ordered: NDArray[np.uint64], rows: NDArray[np.intp], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each key, how many of its row's ordered keys are less: a binary search for all at once."""
    low = np.zeros(len(keys), dtype=np.int64)
    high = np.full(len(keys), ordered.shape[1], dtype=np.int64)
    for _ in range(int(ordered.shape[1]).bit_length()):
        middle = (low + high) // 2
        less = (low < high) & (ordered[rows, np.minimum(middle, ordered.shape[1] - 1)] < keys)
        low, high = np.where(less, middle + 1, low), np.where(less, high, np.maximum(low, middle))
    return low
