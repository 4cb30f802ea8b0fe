"""What is written as CSV is read as it was; what people open in a spreadsheet is no formula there."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommender.cleaning.csv_file import CsvFile
from recommender.errors import RecommenderError
from recommender.files.csv_files import csv_bytes, for_spreadsheets, write_csv

ODD = st.sampled_from(
    ["", " ", " a ", "\r", "\n", "\r\n", '"', '""', ",", ";", "\t", "\ufeff", "\u2028", "\x85", "=1", "'", "é"]
)
TEXTS = st.lists(ODD | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))).map("".join)
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.tuples(
        st.lists(TEXTS.filter(bool), min_size=width, max_size=width, unique=True),
        st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=5),
    )
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    table=TABLES,
    delimiter=st.sampled_from(",;\t| a-'\x1f"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"]),
)
@example(table=(["\ufeffid"], [["\ufeff"], [""], ["a\rb"]]), delimiter=",", encoding="utf-8")
@example(table=(["\ufeffid"], [["\ufeff"], [""], ["a\rb"]]), delimiter=",", encoding="utf-16-le")
def test_any_text_comes_back_as_it_was(
    table: tuple[list[str], list[list[str]]], delimiter: str, encoding: str, tmp_path: Path
) -> None:
    names, rows = table
    written = pa.table({name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(names)})
    write_csv(tmp_path / "t.csv", written, encoding, delimiter)
    read, malformed = CsvFile(tmp_path / "t.csv", encoding, delimiter).read({name: name for name in names})
    assert not malformed
    assert read.to_pydict() == written.to_pydict()


def test_texts_are_in_quotes_numbers_are_not_and_lines_end_alike() -> None:
    table = pa.table({"id": ["a", 'b"\r'], "n": [1, -2], "share": [0.5, 1e-7]})
    assert csv_bytes(table) == b'"id","n","share"\n"a",1,0.5\n"b""\r",-2,1e-7\n'


def test_what_an_encoding_does_not_have_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecommenderError, match=r"t\.csv cannot be written in latin-1.*save your files as utf-8"):
        write_csv(tmp_path / "t.csv", pa.table({"id": ["日本"]}), "latin-1")
    assert not list(tmp_path.iterdir())


def test_a_spreadsheet_finds_no_formula() -> None:
    cells = ["=1+2", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\uff1dx", "a=1", "'=1", "", "7"]
    safe = for_spreadsheets(pa.table({"line": [1] * len(cells), "value": cells}))
    assert safe["value"].to_pylist() == [f"'{cell}" for cell in cells[:8]] + cells[8:]
    assert safe["line"].to_pylist() == [1] * len(cells)
