"""Files are read record by record as a plain reader reads them, in large blocks and small, or their line is said."""

import locale
from pathlib import Path

import pytest
from fuzz import plain
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommender.cleaning import csv_file, records, utf8
from recommender.cleaning.csv_file import CsvFile
from recommender.errors import RecommenderError

CONTENTS = st.tuples(
    st.sampled_from(["a,b\n", "\na,b\r\n", '"a","b"\r', "a\n", "b,a,c\n", "\ufeffa\n", 'a,"\r\n\r"\n']),
    st.lists(st.sampled_from(["x", "y", "é", '"', '""', ",", ",", "\r", "\n", "\n", "\r\n", "\ufeff"]), max_size=25),
).map(lambda parts: parts[0] + "".join(parts[1]))
anything = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_plainly(content: str, delimiter: str = ",") -> tuple[list[str], list[plain.Row], list[int]]:
    """Give the header, the rows with their lines, and the lines of malformed records."""
    settings = {"encoding": "utf-8", "delimiter": delimiter}
    header, rows, malformed = plain.table("file.csv", content.encode(), settings)
    return header, rows, [line for _, line, _, _ in malformed]


@anything
@given(content=CONTENTS)
@example(content='a\nx\n"')
@example(content='a,b\nx,"y\n\n')
@example(content='a,"\r\n\r"\rx,y\n')
@example(content='a,b\n\n"\r\n\r",x\n\ry,\n')
def test_records_and_their_lines_are_those_of_a_plain_reader(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode())
    try:
        header, rows, malformed = read_plainly(content)
    except plain.RefusedError:
        with pytest.raises(RecommenderError, match=r"^file\.csv line \d+: a quote in the record that begins here is"):
            records.refuse_unclosed_quote(path, "utf-8", ",")
        return
    records.refuse_unclosed_quote(path, "utf-8", ",")
    assert records.header(path, "utf-8", ",") == header
    lines = [line for line, _ in rows]
    assert records.lines_of(path, "utf-8", ",", range(len(rows))) == lines
    assert records.lines_of(path, "utf-8", ",", range(1, len(rows), 2)) == lines[1::2]
    assert records.lines_of(path, "utf-8", ",", []) == []
    found = records.malformed(path, "utf-8", ",")
    assert [line for line, _ in found] == malformed
    if malformed:
        with pytest.raises(RecommenderError, match=rf"^file\.csv[^\0]*?line {malformed[0]}\b"):
            records.refuse_malformed(path, "utf-8", ",")
    else:
        records.refuse_malformed(path, "utf-8", ",")


@anything
@given(content=CONTENTS, block=st.sampled_from([1, 7, 20, 8 << 20]), skip=st.booleans())
@example(content='a,b\nx,y\nx,"y\n', block=8 << 20, skip=True)
@example(content='a,b\nx,y\nx\n"', block=8 << 20, skip=True)
@example(content="a,b\nx\ny,z\nx,y,z\n", block=8 << 20, skip=True)
@example(content="a,b\n" + "x,y\n" * 20 + "x\n", block=20, skip=True)
@example(content="a,b\n" + "x,y\n" * 20 + "x\n", block=20, skip=False)
@example(content="a,b\n" + "x" * 40 + ",y\n\ufeff,\n", block=7, skip=False)
@example(content="a,b\nx\n" + "x" * 40 + ",y\n", block=7, skip=True)
@example(content="a,b\nx,y\nx,y,z\n" + "x" * 400 + ",y\n", block=20, skip=True)
def test_columns_are_those_of_a_plain_reader_however_small_the_blocks(
    content: str, block: int, skip: bool, tmp_path: Path
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode())
    file = CsvFile(path, "utf-8", ",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "BLOCKS", (block, 1 << 20))
        patch.setattr(utf8, "AT_ONCE", block)
        try:
            header, rows, malformed = read_plainly(content)
        except plain.RefusedError:
            with pytest.raises(RecommenderError, match="is never closed"):
                file.read({"a": "a"}, skip_malformed=skip)
            return
        wanted = {f"the {name}": name for name in header if header.count(name) == 1 and name in ("a", "b")}
        if malformed and not skip:
            with pytest.raises(RecommenderError, match=rf"^file\.csv[^\0]*?line {malformed[0]}\b"):
                file.read(wanted)
            return
        table, skipped = file.read(wanted, ids=["the a"], skip_malformed=skip)
    assert table["the a"].type == csv_file.ID
    for name, column in wanted.items():
        assert table[name].to_pylist() == [cells[header.index(column)] for _, cells in rows]
    assert [line for line, _ in skipped] == malformed


def test_other_delimiters_and_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes('a;b\né;"x;y"\nz\n'.encode("utf-16"))
    assert records.header(path, "utf-16", ";") == ["a", "b"]
    assert records.lines_of(path, "utf-16", ";", [0]) == [2]
    assert records.malformed(path, "utf-16", ";") == [(3, "has 1 cells, and the header has 2")]
    with pytest.raises(RecommenderError) as error:
        CsvFile(path, "utf-16", ";").read({"a": "a"})
    assert str(error.value) == (
        "file.csv line 3: has 1 cells, and the header has 2; mend the file, or set data.bad_rows to drop"
    )
    table, skipped = CsvFile(path, "utf-16", ";").read({"a": "a", "b": "b"}, skip_malformed=True)
    assert table.to_pylist() == [{"a": "é", "b": "x;y"}]
    assert skipped == [(3, "has 1 cells, and the header has 2")]


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (2, 4), (9, 11), (10, 12), (11, 12), (1234, 12)])
def test_a_message_shows_up_to_ten_rows_and_how_many_there_are(count: int, lines: int) -> None:
    reasons = [(line, f"is wrong {line} times") for line in range(3, count + 3)]
    shown = records.message("file.csv", count, reasons, "bad_rows").splitlines()
    assert len(shown) == lines
    assert shown[-1].endswith("mend the file, or set data.bad_rows to drop")
    if count == 1:
        assert shown[0].startswith("file.csv line 3: is wrong 3 times; ")
    else:
        assert shown[0] == f"file.csv: {count:,} rows cannot be used" + ("; the first 10:" if count > 10 else ":")
        assert shown[1:-1] == [f"  line {line}: is wrong {line} times" for line in range(3, lines + 1)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("abcdefg\n" * 9, None),
        ('"bcde\n"\n' * 9, None),
        ("\n" * 50 + "abcdefg\n", None),
        ("abcdefg\n\r\nabcdefgh", None),
        ("abcdefg\n\r\nabcdefgh\n", 3),
        ('a\nb\n\n"\n\n\n\n\n\n\n"\n', 4),
        ("a\n\r\r\r" + "a" * 1000, 5),
        ("\nabcdefgh\n", 2),
        ("abcdefgh\n", 1),
    ],
)
def test_a_record_may_have_so_many_letters_with_its_line_break_and_no_more(
    content: str, line: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 8)
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode())
    if line is None:
        assert records.malformed(path, "utf-8", ",") == []
    else:
        with pytest.raises(
            RecommenderError, match=rf"^file\.csv line {line}: the record that begins here has more than 0 MiB"
        ):
            records.malformed(path, "utf-8", ",")


def test_a_record_longer_than_what_arrow_takes_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 3 << 20)
    monkeypatch.setattr(csv_file, "BLOCKS", (1 << 20, 3 << 20))
    path, counts = tmp_path / "file.csv", list[int]()
    path.write_bytes(b"a,b\nx,1\ny," + b"n" * (2 << 20) + b"\nz,\n")
    table, _ = CsvFile(path, "utf-8", ",", counts.append).read({"a": "a"})
    assert table["a"].to_pylist() == ["x", "y", "z"]
    assert sum(counts) <= path.stat().st_size
    path.write_bytes(b"a,b\nx,1\ny," + b"n" * (7 << 20) + b"\n")
    with pytest.raises(RecommenderError) as error:
        CsvFile(path, "utf-8", ",").read({"a": "a"})
    assert str(error.value) == (
        "file.csv line 3: the record that begins here has more than 3 MiB; "
        "shorten it, or close a quote in it that is never closed"
    )


def test_no_more_is_gone_over_than_the_rows_that_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 8)
    path = tmp_path / "file.csv"
    path.write_bytes(b"a\nx\ny\nlonger than that\n")
    assert records.lines_of(path, "utf-8", ",", [0, 1]) == [2, 3]


def test_letters_are_the_same_wherever_the_machine_stands(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("é,日\n", encoding="utf-8")
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C")
        assert records.header(path, "utf-8", ",") == ["é", "日"]
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


@pytest.mark.parametrize(
    ("content", "line"), [('"a\n', 1), ('\n\n"', 3), ('a\n"\n"\n\n"\n\n', 5), ('a\nb"c\n"\r\r', 3)]
)
def test_a_quote_that_is_never_closed_is_told_by_the_line_its_record_begins_on(
    content: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content.encode())
    with pytest.raises(RecommenderError) as error:
        records.refuse_unclosed_quote(path, "utf-8", ",")
    assert str(error.value) == (
        f"file.csv line {line}: a quote in the record that begins here is never closed; close it"
    )


def test_a_well_formed_file_is_not_gone_over_record_by_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST", 8)
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\nlonger than that,\n")
    table, malformed = CsvFile(path, "utf-8", ",").read({"a": "a"}, skip_malformed=True)
    assert (table["a"].to_pylist(), malformed) == (["longer than that"], [])


def test_what_is_no_text_is_said_before_what_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST", 8)
    path = tmp_path / "file.csv"
    # Beyond what is read at once with the header.
    monkeypatch.setattr(utf8, "AT_ONCE", 1 << 10)
    path.write_bytes(b'a,b\nx,"longer than that\n' + b"n" * (1 << 15) + b"\xff\n")
    with pytest.raises(RecommenderError, match=r"^file\.csv line 3: byte 0xff is not utf-8"):
        CsvFile(path, "utf-8", ",").read({"a": "a"})


def test_what_arrow_alone_does_not_read_is_said_in_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "BLOCKS", (20, 20))
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" + b"x" * 100 + b",\n")
    with pytest.raises(RecommenderError, match=r"^file\.csv cannot be read: .*block"):
        CsvFile(path, "utf-8", ",").read({"a": "a"})


def test_what_has_been_read_is_told_once(tmp_path: Path) -> None:
    path, counts = tmp_path / "file.csv", list[int]()
    path.write_bytes("a\né\n".encode("latin-1") * 1000)
    CsvFile(path, "latin-1", ",", counts.append).read({"a": "a"})
    assert sum(counts) == path.stat().st_size


@pytest.mark.parametrize("width", [1, 59, 60, 61])
def test_a_missing_column_shows_the_others_up_to_three_hundred_letters(width: int, tmp_path: Path) -> None:
    names = ["n" * 78, "o" * 78, "p" * 78, "q" * width]
    path = tmp_path / "file.csv"
    path.write_bytes(",".join(names).encode() + b"\n")
    with pytest.raises(RecommenderError) as error:
        CsvFile(path, "utf-8", ",").read({"a": "a"})
    listed = ", ".join(names)
    shown = listed if len(listed) <= 300 else f"{listed[:300]} ..."
    assert str(error.value) == (
        f"file.csv has no column 'a'; it has {shown}. "
        "Say which one it is by `--map` of `recommender import`, or under data.columns in params.yaml"
    )


def test_a_folder_or_nothing_in_place_of_a_file_is_said(tmp_path: Path) -> None:
    for name, problem in (("", "is no file"), ("file.csv", "is missing")):
        with pytest.raises(RecommenderError) as error:
            CsvFile(tmp_path / name, "utf-8", ",").header()
        path = tmp_path / name
        assert str(error.value) == f"{path.name} {problem}; put it at {path}, or run `recommender import`"
