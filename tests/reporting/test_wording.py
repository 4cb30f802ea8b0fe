"""Numbers in sentences say what is so: little is not none, and almost all is not all."""

import pytest

from recommender.reporting.wording import count, decimal, interval, listed, share, small


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (0, 1, "0 %"),
        (0, 7, "0 %"),
        (0, 0, "0 %"),
        (5, 0, "0 %"),
        (1, 1, "100 %"),
        (29, 29, "100 %"),
        (1, 3, "33 %"),
        (0.0102, 1, "1 %"),
        (0.0188, 1, "2 %"),
        (0.984, 1, "98 %"),
        (0.0099, 1, "0.99 %"),
        (0.004, 1, "0.4 %"),
        (0.000456, 1, "0.046 %"),
        (0.0000000003, 1, "0.00000003 %"),
        (0.99, 1, "99 %"),
        (0.994, 1, "99.4 %"),
        (0.9996, 1, "99.96 %"),
        (0.999999, 1, "99.9999 %"),
        (999_999, 1_000_000, "99.9999 %"),
        (1.004, 1, "100 %"),
        (2.5, 1, "250 %"),
        (999, 1, "99,900 %"),
    ],
)
def test_little_does_not_look_like_none_nor_almost_all_like_all(part: float, whole: float, written: str) -> None:
    assert share(part, whole) == written


def test_a_share_without_a_whole_is_one_of_1() -> None:
    assert share(0.25) == "25 %"


def test_what_is_small_keeps_two_digits_without_an_exponent() -> None:
    assert [small(number) for number in (0.0, 0.5, 0.0444, 0.00001234)] == ["0", "0.5", "0.044", "0.000012"]


def test_whole_numbers_have_separators_and_metrics_three_digits() -> None:
    assert (count(0), count(1234567), count(2.0)) == ("0", "1,234,567", "2")
    assert (decimal(0.12345), interval(0.1, 0.25)) == ("0.123", "0.100 to 0.250")


def test_names_are_joined_as_a_sentence_does() -> None:
    assert [listed(names) for names in (["a"], ["a", "b"], iter("abc"))] == ["a", "a and b", "a, b and c"]
