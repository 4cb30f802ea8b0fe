"""The users that a split tests, and those that it does not, by reason."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True)
class UserCounts:
    """Numbers of users that are tested and not tested, by reason; every user counts once.

    Attributes
    ----------
    tested
        Users with a positive in the test.
    unknown
        Users without a positive to train on; their positives are of the test and in neither part.
    only_trained
        Users whose positives are all trained on: there is just one, all are older than the test, or the data says so.
    without_positives
        Users without any positive.
    test_positives
        The number of tested positives.
    unknown_positives
        The number of positives in neither part.
    """

    tested: int
    unknown: int
    only_trained: int
    without_positives: int
    test_positives: int
    unknown_positives: int

    @property
    def users(self) -> int:
        """The number of all users."""
        return self.tested + self.unknown + self.only_trained + self.without_positives


def count_users(matrix: sp.coo_matrix, train: sp.coo_matrix, test: sp.coo_matrix) -> UserCounts:
    """Count the users that are tested, and the others by reason.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items), all that was split; above 0: a positive.
    train, test
        The parts that `recommender.splits.split_matrix` made of it.
    """
    positives, trained, tested = (_positives(part) for part in (matrix, train, test))
    left_out = positives - trained - tested
    is_tested, is_unknown = tested > 0, (tested == 0) & (left_out > 0)
    return UserCounts(
        tested=int(is_tested.sum()),
        unknown=int(is_unknown.sum()),
        only_trained=int(((positives > 0) & ~is_tested & ~is_unknown).sum()),
        without_positives=int((positives == 0).sum()),
        test_positives=int(tested.sum()),
        unknown_positives=int(left_out.sum()),
    )


def _positives(part: sp.coo_matrix) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.bincount(part.row[part.data > 0], minlength=part.shape[0])
