"""What comes from data is fit for a message: printable, short, and still to be recognized."""

import json

import pytest

from recommender.text import SHOWN, cut, named, printable, printable_json, printable_lines, shown

ESCAPED = {
    "\x00": r"\x00", "\x1b[2J": r"\x1b[2J", "\x7f\x85\x9b": r"\x7f\x85\x9b", "\u202e": r"\u202e",
    "\u2028\u2029": r"\u2028\u2029",
    "\ud800": r"\ud800", "\U000e0041": r"\U000e0041", "\ufeff": r"\ufeff", "\u200b": r"\u200b", "a\nb\t": r"a\nb\t",
}  # fmt: skip
KEPT = ["", "plain", "Zoë 日本語", "👩\u200d🚀", "کتاب\u200cی", "a\u00a0b\u2003c\u3000"]


def test_what_could_steer_or_deceive_is_escaped_and_the_rest_kept() -> None:
    for text, wanted in ESCAPED.items():
        assert printable(text) == wanted
        assert printable(f"é{text}\u00a0") == f"é{wanted}\u00a0"
    for text in KEPT:
        assert printable(text) == text
        assert printable(text + "\x1b") == text + r"\x1b"


def test_lines_stay_lines() -> None:
    assert printable_lines("a\x1b\n\nb\r\n") == "a\\x1b\n\nb\\r\n"


def test_json_stays_json_on_lines_of_its_own() -> None:
    for text in [*ESCAPED, *KEPT]:
        written = printable_json({"a": [text], text: 1})
        assert json.loads(written) == {"a": [text], text: 1}
        assert all(printable(line) == line for line in written.split("\n"))
    assert printable_json({"é\u200d": "\u00a0\x7f"}) == '{\n  "é\u200d": "\u00a0\\u007f"\n}'
    assert printable_json({"a": {1}, (1, 2): 3}) == '{\n  "a": "{1}"\n}'


def test_a_text_is_cut_to_so_many_characters() -> None:
    assert [cut("abcd", at) for at in (5, 4, 3, 1)] == ["abcd", "abcd", "ab…", "…"]


def test_a_long_text_is_shown_by_its_beginning() -> None:
    assert SHOWN == 80
    assert shown("a" * 80) == repr("a" * 80)[:79] + "…"
    assert shown("a" * 81) == repr("a" * 79 + "…")
    assert shown("abc", 5) == "'abc'"
    assert shown("abcd", 5) == "'abc…"
    assert shown("abcdef", 5) == "'abcd…'"
    assert shown("\x1b") == r"'\x1b'"


def test_a_large_number_is_shown_by_how_large_it_is() -> None:
    assert shown(2**319) == cut(str(2**319), 80)
    assert shown(2**320) == "a number of about 97 digits"
    assert shown(-(10**5000)) == "a number of about 5,000 digits"
    assert shown(2**12 - 1, 3) == "40…"
    assert shown(2**12, 3) == "a number of about 4 digits"
    assert (shown(True), shown(1.5), shown(None), shown(b"a")) == ("True", "1.5", "None", "b'a'")


def test_of_a_container_the_first_elements_are_shown_and_nothing_of_what_they_hold() -> None:
    assert shown([1, "a", None]) == "[1, 'a', None]"
    assert shown((1, [2, 3], [], {})) == "[1, …, [], {}]"
    assert shown({"a": [1], "b": 2}) == "{'a': …, 'b': 2}"
    assert shown({5}) == "{5}"
    assert shown([(), set(), {1}, (1,), {"a": 1}]) == "[[], {}, …, …, …]"
    assert shown([1] * 100, 10) == "[1, 1, 1,…"
    assert shown([10**200, "b" * 90], 85) == "[a number of about 200 digits, '" + "b" * 52 + "…"
    assert shown([True] * 2, 3) == "[T…"


def test_what_is_endless_when_written_out_is_shown_at_once() -> None:
    laughs: list[object] = ["ha"]
    for _ in range(100):
        laughs = [laughs] * 10
    assert shown(laughs) == "[…, …, …, …, …, …, …, …, …, …]"

    class Counted(list[int]):
        asked = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            for cell in super().__iter__():
                Counted.asked += 1
                yield cell

    assert len(shown(Counted(range(1000)), 10)) == 10
    assert Counted.asked == 10


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("column", "column"), ("a b", "a b"), ("", ""), ("a\x1b", r"'a\x1b'"), (5, "5"), (None, "None"), ([1], "[1]"),
        ("a" * 80, "a" * 80), ("a" * 81, repr("a" * 79 + "…")),
    ],
)  # fmt: skip
def test_a_name_is_as_it_is_where_it_can_be_printed(name: object, wanted: str) -> None:
    assert named(name) == wanted
