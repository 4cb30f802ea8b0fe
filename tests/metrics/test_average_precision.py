import pytest
from metrics.hand import ranked

from recommender.metrics.average_precision import average_precision

SCORES = [[5.0, 4, 3, 2, 1]]


@pytest.mark.parametrize(
    ("k", "expected"),
    [(1, 1), (2, 1 / 2), (3, (1 + 2 / 3) / 3), (4, (1 + 2 / 3) / 3), (5, (1 + 2 / 3 + 3 / 5) / 3)],
)
def test_the_precision_at_each_test_item(k: int, expected: float) -> None:
    assert average_precision(ranked(SCORES, [[0, 2, 4]]), k) == pytest.approx([expected], abs=1e-15)


def test_a_perfect_list_scores_1_with_fewer_and_with_more_than_k_test_items() -> None:
    assert average_precision(ranked(SCORES * 2, [[0], [0, 1, 2, 3]]), 3).tolist() == [1, 1]


def test_nothing_listed_scores_0() -> None:
    assert average_precision(ranked(SCORES, [[4]]), 4).tolist() == [0]
