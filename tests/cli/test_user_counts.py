"""Every user counts once: tested, or not for the reason that the split has."""

import numpy as np
import pytest
import scipy.sparse as sp

from recommender.cli._user_counts import UserCounts, count_users
from recommender.settings.split import SplitSettings
from recommender.splits.split_matrix import split_matrix

ENTRIES = [
    # user, item, value, time; the two last positives are the test of a split by time, and of the given one
    (0, 0, 1, 1),
    (0, 1, 1, 2),
    (0, 2, 1, 9),  # known, and tested
    (1, 0, 1, 9),  # of the test's time alone
    (2, 0, 1, 3),  # before it alone
    (2, 1, -1, 9),  # a known negative is no positive
    (3, 0, -1, 1),  # no positive; user 4 has nothing at all
]
USERS, ITEMS, VALUES, TIMES = (np.array(column) for column in zip(*ENTRIES, strict=True))
MATRIX = sp.coo_matrix((VALUES.astype(np.float32), (USERS, ITEMS)), shape=(5, 3))


@pytest.mark.parametrize(
    ("strategy", "cold_users", "expected"),
    [
        # random and leave_last test a user with two positives; one positive stays to train on
        ("random", False, UserCounts(1, 0, 2, 2, test_positives=1, unknown_positives=0)),
        ("leave_last", False, UserCounts(1, 0, 2, 2, test_positives=1, unknown_positives=0)),
        ("time", False, UserCounts(1, 1, 1, 2, test_positives=1, unknown_positives=1)),
        ("time", True, UserCounts(2, 0, 1, 2, test_positives=2, unknown_positives=0)),
        ("given", False, UserCounts(1, 1, 1, 2, test_positives=1, unknown_positives=1)),
        ("given", True, UserCounts(2, 0, 1, 2, test_positives=2, unknown_positives=0)),
    ],
)
def test_who_is_not_tested_counts_once_by_the_reason(strategy: str, cold_users: bool, expected: UserCounts) -> None:
    settings = SplitSettings.model_validate(
        {"strategy": strategy, "test_fraction": 0.4, "last_n": 1, "cold_users": cold_users, "seed": 0}
    )
    parts = split_matrix(MATRIX, TIMES, settings, TIMES == 9)
    assert count_users(MATRIX, parts.train, parts.test) == expected
    assert expected.users == 5
