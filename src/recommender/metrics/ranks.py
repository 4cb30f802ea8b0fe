"""Exact ranks of given items among all candidates of a user."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.execution import SEQUENTIAL, Execution
from recommender.ranking.blocks import CELLS, Block, cells_where, entries, in_blocks, scored
from recommender.ranking.scorer import Scorer


@dataclass(frozen=True, eq=False)
class Ranks:
    """The places of items in their users' rankings; all of shape (n,), int32.

    Attributes
    ----------
    above
        The number of candidates with a higher score.
    equal
        The number of other candidates with the same score.
    equal_first
        The number of those that come first, being lower items.
    """

    above: NDArray[np.int32]
    equal: NDArray[np.int32]
    equal_first: NDArray[np.int32]

    @property
    def rank(self) -> NDArray[np.int32]:
        """The place in the list that `top_k` gives, from 1."""
        return 1 + self.above + self.equal_first

    @classmethod
    def concatenate(cls, parts: list[Self]) -> Self:
        """Join parts in order."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


def ranks_of(
    scorer: Scorer,
    tests: sp.csr_matrix,
    users: NDArray[np.integer],
    exclude: sp.csr_matrix | None = None,
    execution: Execution = SEQUENTIAL,
) -> Ranks:
    """Rank each user's test items among all items that the user may get.

    Parameters
    ----------
    scorer
        Scores items for users.
    tests
        Shape (n_users, n_items): entries are the items to rank. None may be excluded.
    users
        Shape (m,): the users.
    exclude
        Shape (n_users, n_items): entries are items that are not candidates.
    execution
        How it is computed.

    Returns
    -------
    Ranks
        One for each entry of ``tests[users]``, in its order.
    """

    def rank(part: slice) -> Ranks:
        return ranks_in(scored(scorer, users[part], exclude, precise=True), tests)

    return Ranks.concatenate(list(in_blocks(rank, len(users), scorer.shape[1], execution)))


def ranks_in(block: Block, tests: sp.csr_matrix) -> Ranks:
    """Rank the test items of a block's users, as `ranks_of` does.

    In a sorted row, two binary searches count what is clearly above and clearly below. Only the few scores in between
    are looked up and scored exactly.
    """
    rows, items = entries(tests, block.users)
    own = block.exact(rows, items)
    margin = block.margin[rows]
    ordered = np.sort(block.scores, axis=1)
    below = _count_less(ordered, rows, own - margin)
    not_above = _count_less(ordered, rows, np.nextafter(own + margin, np.float32(np.inf)))
    above = (ordered.shape[1] - not_above).astype(np.int32)
    equal = (not_above - below - 1).astype(np.int32)
    equal_first = np.zeros_like(equal)

    close = np.flatnonzero(equal)
    step = max(1, CELLS // ordered.shape[1])
    for start in range(0, len(close), step):
        pairs = close[start : start + step]
        if block.is_exact:
            tied = block.scores[rows[pairs]] == own[pairs, None]
            tied &= np.arange(ordered.shape[1]) < items[pairs, None]
            equal_first[pairs] = np.count_nonzero(tied, axis=1)
        else:
            more, equal[pairs], equal_first[pairs] = _rivals(block, rows[pairs], items[pairs], own[pairs])
            above[pairs] += more
    return Ranks(above, equal, equal_first)


def _rivals(
    block: Block, rows: NDArray[np.intp], items: NDArray[np.integer], own: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Count, among the items within the margin of each pair, those above, the equal, and the equal that come first."""
    scores, margin = block.scores[rows], block.margin[rows]
    pair, rival = cells_where((scores >= (own - margin)[:, None]) & (scores <= (own + margin)[:, None]))
    other = rival != items[pair]
    pair, rival = pair[other], rival[other]
    theirs = block.exact(rows[pair], rival)
    same = theirs == own[pair]

    def count(which: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.bincount(pair[which], minlength=len(rows))

    return count(theirs > own[pair]), count(same), count(same & (rival < items[pair]))


def _count_less(ordered: NDArray[np.float32], rows: NDArray[np.intp], values: NDArray[np.float32]) -> NDArray[np.intp]:
    """Count the smaller entries of each value's ordered row, by a binary search for all values at once."""
    width = ordered.shape[1]
    flat, before = ordered.ravel(), rows * width - 1
    count = np.zeros(len(values), dtype=np.intp)
    for bit in reversed(range(width.bit_length())):
        reach = count + (1 << bit)
        less = (reach <= width) & (flat[before + np.minimum(reach, width)] < values)
        count[less] = reach[less]
    return count
