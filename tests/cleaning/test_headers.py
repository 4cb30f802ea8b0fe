"""A header that does not fit gets the advice that helps, and what can be a header is taken for one."""

import pytest

from recommender.cleaning.headers import advice, are_data, other_delimiter


@pytest.mark.parametrize(
    ("cell", "delimiter", "option"),
    [
        ("userId;movieId;rating", ",", "--delimiter ';'"),
        ("userId\tmovieId\trating", ",", "--delimiter tab"),
        ("1|Toy Story, the (1995)|01-Jan-1995||http", "\t", "--delimiter '|'"),
        ("userId,movieId,rating", ";", "--delimiter ','"),
    ],
)
def test_one_cell_that_holds_a_delimiter_gets_a_hint_to_it_and_none_to_map(
    cell: str, delimiter: str, option: str
) -> None:
    said = advice([cell], delimiter)
    assert f"`{option}`" in said
    assert "--map" not in said


@pytest.mark.parametrize(
    ("header", "delimiter"), [(["user_id"], ","), (["a;b", "c"], ","), (["a,b"], ","), ([""], ",")]
)
def test_what_shows_no_other_delimiter_gets_no_hint_to_one(header: list[str], delimiter: str) -> None:
    assert other_delimiter(header, delimiter) is None


@pytest.mark.parametrize(
    "header",
    [
        ["196", "242", "3", "881250949"],
        ["1", "Toy Story (1995)", "Comedy"],
        ["u_0", "p_1", "4.5", "2021-01-01 10:00"],
        ["u_0", "-1"],
    ],
)
def test_a_first_line_of_data_gets_a_hint_to_no_header(header: list[str]) -> None:
    assert "--no-header" in advice(header, ",")


NAMES = [
    ["userId", "movieId", "rating", "timestamp"],
    ["", "user", "item"],
    ["user", "2019", "2020", "v2", "1st"],
    ["0", "1", "2", "3"],  # as programs call columns that have no names
    ["1", "2", "3"],
]


@pytest.mark.parametrize("header", NAMES)
def test_names_get_a_hint_to_map_and_none_to_no_header(header: list[str]) -> None:
    said = advice(header, ",")
    assert "--map" in said
    assert "--no-header" not in said


def test_columns_that_are_just_numbered_are_no_data() -> None:
    assert are_data(["3"], ["196", "242", "3"])
    assert are_data(["4.5"], ["u_0", "p_1", "4.5"])
    assert not are_data(["u_0", "p_1"], ["u_0", "p_1", "4.5"])
    assert not are_data(["0", "1"], ["0", "1", "2"])
