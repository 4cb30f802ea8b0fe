"""Numbers are read as Python reads the same letters, whichever way Arrow takes."""

import re

import numpy as np
import pyarrow as pa
import pytest
from fuzz import plain
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.cleaning.numeric import LARGEST, to_integers, to_numbers

FINITE = [
    "1", "-1", "+1", "0", "-0", "007", ".5", "5.", "-.5e-1", "1e5", "1E+2", "1e-400", "5e-324", "0.1", "16777217",
    "1.7976931348623157e308", "9" * 300, "0." + "1" * 400, "0" * 50 + "1",
]  # fmt: skip
NO_NUMBERS = [
    "", " ", " 1", "1 ", "1\n", "nan", "NaN", "-inf", "Infinity", "1e309", "-1e309", "9" * 400, "0x10", "1_0", "1,5",
    "1e", "e5", ".", "+", "-", "+-1", "1.2.3", "1e5.5", "many", "\u0661",
]  # fmt: skip
WHOLE = [
    "0", "-0", "+0", "7", "+7", "-7", "007", "-007", "+007", "0" * 30, "-" + "0" * 30 + "12", "9" * 17, "9" * 18,
    "1" + "0" * 18, "1" + "0" * 17 + "1", "9" * 19, "-" + "9" * 19, "+" + "9" * 40, "0" * 5 + "9" * 25,
    str(LARGEST - 1), str(-LARGEST), str(2**63 - 1), str(-(2**63)), str(2**63),
]  # fmt: skip
NOT_WHOLE = ["", "x", "0x10", "0X1F", "1.0", "1e3", " 1", "1 ", "+-1", "--1", "+", "-", "1_0", "\u0661", "1\n"]


def are_numbers(texts: list[str]) -> None:
    numbers, wrong = to_numbers(pa.chunked_array([pa.array(texts, pa.string())]))
    expected = [plain.number(text) for text in texts]
    assert numbers.dtype == np.float64
    assert list(wrong) == [number is None for number in expected]
    assert list(numbers[~wrong]) == [number for number in expected if number is not None]


def are_integers(texts: list[str]) -> None:
    integers, wrong = to_integers(pa.chunked_array([pa.array(texts, pa.string())]))
    whole = [re.fullmatch("[-+]?[0-9]+", text) is not None for text in texts]
    assert integers.dtype == np.int64
    assert list(wrong) == [not there for there in whole]
    assert list(integers) == [
        min(max(int(text), -LARGEST), LARGEST) if there else 0 for text, there in zip(texts, whole, strict=True)
    ]


@pytest.mark.parametrize("text", FINITE + NO_NUMBERS)
def test_a_number_is_the_same_alone_and_among_what_is_none(text: str) -> None:
    are_numbers([text])
    are_numbers(["2", text])
    are_numbers(["many", text, "2"])


def test_a_value_that_is_no_number_spoils_no_other() -> None:
    are_numbers(FINITE)
    are_numbers(FINITE + NO_NUMBERS)


@pytest.mark.parametrize("text", WHOLE + NOT_WHOLE)
def test_a_whole_number_is_the_same_alone_and_among_what_is_none(text: str) -> None:
    are_integers([text])
    are_integers(["2", text])
    are_integers(["many", text, "2"])


def test_a_value_that_is_not_whole_spoils_no_other() -> None:
    are_integers(WHOLE)
    are_integers(WHOLE + NOT_WHOLE)


@settings(deadline=None)
@given(st.lists(st.text("0123456789+-.eEx", max_size=6), max_size=5))
def test_letters_of_numbers_in_any_order_are_read_as_python_reads_them(texts: list[str]) -> None:
    are_numbers(texts)
    are_integers(texts)
