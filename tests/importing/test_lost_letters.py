"""Letters that were lost on the way are told once, with a count and an example."""

import pyarrow as pa

from recommender.importing.lost_letters import lost_letters


def test_lost_letters_are_told_in_one_line_with_file_column_count_and_example() -> None:
    said = lost_letters(
        [
            ("ratings.csv", "userId", pa.chunked_array([["1", "2"]])),
            ("movies.csv", "movieId", pa.chunked_array([["\ufffd", "2"]])),
            ("movies.csv", "title", pa.chunked_array([["Am\ufffdlie", "Alien"], ["L\ufffdon", ""]])),
        ]
    )
    assert said
    assert "1 of 2 in movies.csv, column movieId; 2 of 4 in movies.csv, column title; such as '\ufffd'" in said
    assert "ratings.csv" not in said
    assert len(said.splitlines()) == 1


def test_where_no_letter_was_lost_nothing_is_said() -> None:
    assert lost_letters([("movies.csv", "title", pa.chunked_array([["Amélie", "日本", ""]]))]) is None
