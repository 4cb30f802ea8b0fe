"""Who of all users a split tests, and who not and why."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True)
class WhoIsTested:
    """How many users are tested and how many are not, by reason; every user counts once.

    Attributes
    ----------
    tested
        Those with a positive in the test.
    unknown
        Those of whom the training data has no positive, so that theirs, all of the test's time, are in neither part.
    only_trained
        Those whose positives are all trained on: there is just one, or all were before the test's time.
    without_positives
        Those who have none.
    test_positives
        How many positives are tested.
    unknown_positives
        How many are in neither part.
    """

    tested: int
    unknown: int
    only_trained: int
    without_positives: int
    test_positives: int
    unknown_positives: int

    @property
    def users(self) -> int:
        """How many users there are."""
        return self.tested + self.unknown + self.only_trained + self.without_positives


def who_is_tested(matrix: sp.coo_matrix, train: sp.coo_matrix, test: sp.coo_matrix) -> WhoIsTested:
    """Count who is tested.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items), all that was split; above 0: a positive.
    train, test
        What `recommender.splits.split_matrix` made of it.
    """
    positives, trained, tested = (_positives(part) for part in (matrix, train, test))
    left_out = positives - trained - tested
    is_tested, is_unknown = tested > 0, (tested == 0) & (left_out > 0)
    return WhoIsTested(
        tested=int(is_tested.sum()),
        unknown=int(is_unknown.sum()),
        only_trained=int(((positives > 0) & ~is_tested & ~is_unknown).sum()),
        without_positives=int((positives == 0).sum()),
        test_positives=int(tested.sum()),
        unknown_positives=int(left_out.sum()),
    )


def _positives(part: sp.coo_matrix) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.bincount(part.row[part.data > 0], minlength=part.shape[0])
