"""Files are UTF-8 to their reader, however they are written and cut; where one is no text is said by its line."""

import itertools
import re
import warnings
from pathlib import Path

import pytest
from fuzz import plain
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommender.cleaning import utf8
from recommender.cleaning.utf8 import Utf8, lines_in, refuse_no_text
from recommender.errors import RecommenderError

ENCODINGS = ["utf-8", "UTF_8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-32", "shift_jis", "iso2022_jp", "hz"]
LETTERS = st.lists(st.sampled_from(["a", "b\r", "\n", "é", "日本", "😀", "\ufeff", '"']), max_size=8).map("".join)
BYTES = st.lists(
    st.sampled_from([b"a", b"\0", b"\xef", b"\xbb", b"\xbf", b"\xc3", b"\xa9", b"\xf0\x9f\x98", b"\x80", b"\xff\xfe"]),
    max_size=8,
).map(b"".join)
FILES = st.sampled_from(ENCODINGS).flatmap(
    lambda encoding: st.tuples(
        st.one_of(LETTERS.map(lambda letters: letters.encode(encoding, errors="ignore")), BYTES), st.just(encoding)
    )
)
anything = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@anything
@given(file=FILES, at_once=st.integers(1, 9), size=st.integers(-1, 9))
@example(file=(b"a\xc3", "utf-8"), at_once=9, size=-1)
@example(file=(b"a\xc3a", "utf-8"), at_once=2, size=-1)
@example(file=(b"\xc3a\xa9", "utf-8"), at_once=1, size=-1)
@example(file=(b"a\0\n", "utf-16-le"), at_once=9, size=-1)
@example(file=(b"\xef", "utf-8-sig"), at_once=9, size=-1)
@example(file=(b"\xef\xbb", "utf-8-sig"), at_once=1, size=-1)
@example(file=(b"a\x93", "shift_jis"), at_once=9, size=-1)
@example(file=(b"a", "utf-8"), at_once=9, size=-1)
@example(file=("\ufeff\ufeffé\ufeff".encode(), "utf-8-sig"), at_once=1, size=2)
@example(file=("\ufeff\ufeffé\ufeff".encode("utf-16"), "utf-16"), at_once=2, size=1)
def test_a_file_is_read_as_its_text_in_utf_8_or_refused(
    file: tuple[bytes, str], at_once: int, size: int, tmp_path: Path
) -> None:
    content, encoding = file
    path, counts = tmp_path / "file.csv", list[int]()
    path.write_bytes(content)
    try:
        expected = plain.decoded(path.name, content, encoding).encode() + b"end"
    except plain.RefusedError:
        expected = None
    with pytest.MonkeyPatch.context() as patch, Utf8(path, encoding, counts.append, b"end") as stream:
        patch.setattr(utf8, "AT_ONCE", at_once)
        if expected is None:
            with pytest.raises(UnicodeError):
                stream.read()
        elif size <= 0:
            assert (stream.read(0), counts) == (b"", [])
            assert (stream.read(1), stream.read(0)) == (expected[:1], b"")
            assert stream.read() == expected[1:]
        else:
            parts = [stream.read(size) for _ in range(0, len(expected), size)]
            assert parts == [expected[at : at + size] for at in range(0, len(expected), size)]
            assert stream.read(size) == b""
            assert sum(counts) == len(content)
    if expected is None:
        with pytest.raises(RecommenderError, match=r"^file\.csv line "):
            refuse_no_text(path, encoding)
    else:
        refuse_no_text(path, encoding)


def test_a_file_is_closed_with_its_stream(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a")
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always")
        stream = Utf8(path, "utf-8")
        assert stream.readable()
        stream.close()
        assert stream.closed
        del stream
    assert not left_open


def test_line_breaks_are_counted_once() -> None:
    for letters in itertools.product("a\r\n", repeat=6):
        assert lines_in("".join(letters)) == len(re.findall("\r\n|\r|\n", "".join(letters)))


WHERE = "set data.encoding to what the file is in"


@pytest.mark.parametrize(
    ("content", "encoding", "problem"),
    [
        (b"\xff", "utf-8", f"byte 0xff is not utf-8; {WHERE}, often latin-1 or cp1252"),
        (b"\xc3(", "utf-8", f"byte 0xc3 is not utf-8; {WHERE}, often latin-1 or cp1252"),
        (b"\x0f", "ascii", None),
        (b"a\xe9", "ascii", f"byte 0xe9 is not ascii; {WHERE}, often latin-1 or cp1252"),
        (
            b"\0",
            "cp1252",
            (
                "there is a NUL character, as in no text; the file is damaged, or not in cp1252: "
                "write it anew, or set data.encoding to what it is in, perhaps utf-16"
            ),
        ),
        (b"+2AA-", "utf-7", f"'\\ud800' is half a character; {WHERE}"),
        (b"ab", "utf-16", f"this is not utf-16 (UTF-16 stream does not start with BOM); {WHERE}, such as utf-16-le"),
    ],
)
def test_what_is_no_text_is_said(content: bytes, encoding: str, problem: str | None, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    if problem is None:
        refuse_no_text(path, encoding)
    else:
        with pytest.raises(RecommenderError) as error:
            refuse_no_text(path, encoding)
        assert str(error.value) == f"file.csv line 1: {problem}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("ends", ["\n", "\r", "\r\n", "\n\r\r\n"])
def test_the_line_of_what_is_no_text_is_found_anywhere(ends: str, encoding: str, tmp_path: Path) -> None:
    path, no_text = tmp_path / "file.csv", "\0".encode(encoding)
    lines = 1 + len(re.findall("\r\n|\r|\n", ends))
    part = (1 << 16) // len("a".encode(encoding))
    for before, after in [(0, 0), (1, 0), (1, 1), *((part - left, part + 5) for left in range(6))]:
        path.write_bytes(("a" * before + ends + "a" * after).encode(encoding) + no_text)
        with pytest.raises(RecommenderError, match=rf"^file\.csv line {lines}: there is a NUL"):
            refuse_no_text(path, encoding)
        path.write_bytes(("\r\n" + "a" * before + ends + "a" * after + ends).encode(encoding) + no_text)
        with pytest.raises(RecommenderError, match=rf"^file\.csv line {2 * lines}: there is a NUL"):
            refuse_no_text(path, encoding)


def test_a_letter_may_be_cut_before_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a" * ((1 << 16) - 1) + "é\n\0".encode())
    with pytest.raises(RecommenderError, match=r"^file\.csv line 2: there is a NUL"):
        refuse_no_text(path, "utf-8")


def test_a_line_break_may_be_cut_by_what_is_no_letter(tmp_path: Path) -> None:
    path, to_ascii = tmp_path / "file.csv", b"\x1b(B"
    path.write_bytes(b"a" * ((1 << 16) - 1) + b"\r" + to_ascii * (1 << 16) + b"\n\xff")
    with pytest.raises(RecommenderError, match=r"^file\.csv line 2: byte 0xff is not iso2022_jp"):
        refuse_no_text(path, "iso2022_jp")
