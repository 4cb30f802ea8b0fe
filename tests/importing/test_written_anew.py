"""A file that is written anew holds the same texts, whatever they are and however it was written."""

import csv
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.cleaning.csv_file import CsvFile
from recommender.errors import RecommenderError
from recommender.importing.written_anew import write_anew

CELLS = st.text(st.sampled_from(list("ab1é,;|\t\"' \n\r\u2028")), max_size=5)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5),
    delimiter=st.sampled_from(";\t| "),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_every_text_is_the_same_behind_the_header(
    rows: list[tuple[str, str]], delimiter: str, encoding: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "source", tmp_path / "target.csv"
    with source.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    write_anew(CsvFile(source, encoding, delimiter), target, ["first", "second"])
    table, malformed = CsvFile(target, "utf-8", ",").read({"first": "first", "second": "second"})
    assert malformed == []
    assert list(zip(*table.to_pydict().values(), strict=True)) == rows


def test_a_byte_order_mark_is_not_part_of_the_first_row(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"\xef\xbb\xbf7;x\r\n\r\n8;y")
    write_anew(CsvFile(tmp_path / "source", "utf-8", ";"), tmp_path / "target", ["a", "b"])
    assert (tmp_path / "target").read_bytes() == b'"a","b"\n"7","x"\n"8","y"\n'


def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path: Path) -> None:
    (tmp_path / "source").write_text('a;b\n"c;d\ne;f\n')
    with pytest.raises(RecommenderError, match="source line 2: a quote in the record that begins here is never closed"):
        write_anew(CsvFile(tmp_path / "source", "utf-8", ";"), tmp_path / "target")


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("user;program;1\n" * 300_000)
    tracemalloc.start()
    write_anew(CsvFile(tmp_path / "source", "utf-8", ";"), tmp_path / "target", ["a", "b", "c"])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 << 20
    assert (tmp_path / "target").stat().st_size > 6_000_000
