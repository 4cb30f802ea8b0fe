"""What a Parquet file claims is added up from the headers of its pages, wherever they lie and whatever is wrong."""

import io
import struct
from typing import Any

import pytest

from recommender.serving.parquet_pages import LARGEST_HEADER, LARGEST_SUMMARY, MAGIC, Claims, _Compact, claims

BYTE, INTEGER, DOUBLE, BINARY, LIST, STRUCT = 3, 6, 7, 8, 9, 12
Fields = dict[int, Any]


def varint(value: int) -> bytes:
    found = b""
    while value >= 0x80:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def integer(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else -2 * value - 1)


def encoded(fields: Fields) -> bytes:
    """A struct of integers, texts, structs and lists of these in Thrift's compact protocol."""
    found, last = b"", 0
    for number, value in fields.items():
        kind, content = cell(value)
        step = number - last
        found += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + integer(number)
        found, last = found + content, number
    return found + b"\0"


def cell(value: Any) -> tuple[int, bytes]:
    if isinstance(value, dict):
        return STRUCT, encoded(value)
    if isinstance(value, list):
        kind = cell(value[0])[0] if value else STRUCT
        head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + varint(len(value))
        return LIST, head + b"".join(cell(part)[1] for part in value)
    if isinstance(value, bytes):
        return BINARY, varint(len(value)) + value
    return INTEGER, integer(value)


def read(content: bytes) -> Fields:
    reader = _Compact(content)
    found = reader.struct()
    assert reader.place == len(content)
    return found


def page(unpacked: int, packed: int, claimed: int | None = None, **more: Any) -> bytes:
    return encoded({1: 0, 2: unpacked, 3: packed if claimed is None else claimed} | more.get("fields", {})) + bytes(
        packed
    )


def column(place: int, packed: int, n_values: int = 1, dictionary: int | None = None) -> Fields:
    meta = {5: n_values, 7: packed, 9: place} | ({} if dictionary is None else {11: dictionary})
    return {3: meta}


def whole(body: bytes, groups: list[list[Fields]], n_rows: int = 1) -> bytes:
    summary = encoded({1: 1, 3: n_rows, 4: [{1: columns, 2: 0} for columns in groups]})
    return MAGIC + body + summary + struct.pack("<I", len(summary)) + MAGIC


def claimed(content: bytes) -> Claims:
    return claims(io.BytesIO(content), len(content))


def refused(content: bytes) -> str:
    with pytest.raises(ValueError, match=r".+") as error:
        claimed(content)
    return str(error.value)


def test_the_uncompressed_sizes_of_all_pages_are_added_up() -> None:
    one, two, three = page(1000, 10), page(200, 20) + page(30, 0), page(4, 5)
    ends = [4, 4 + len(one), 4 + len(one + two)]
    columns = [column(place, len(body)) for place, body in zip(ends, (one, two, three), strict=True)]
    assert claimed(whole(one + two + three, [columns[:1], columns[1:]], 7)) == Claims(7, 2, 1234)
    assert claimed(whole(one, [[columns[0]]] * 3, 0)) == Claims(0, 1, 3000)
    assert claimed(whole(b"", [])) == Claims(1, 0, 0)
    assert claimed(whole(b"", [[]])) == Claims(1, 0, 0)
    assert claimed(whole(page(0, 0), [[column(4, len(page(0, 0)))]])) == Claims(1, 1, 0)


def test_a_column_begins_with_its_dictionary_if_it_has_one() -> None:
    body = page(100, 10) + page(5, 10)
    second = 4 + len(page(100, 10))
    assert claimed(whole(body, [[column(second, len(body), dictionary=4)]])).n_bytes == 105
    assert claimed(whole(body, [[column(4, len(body), dictionary=0)]])).n_bytes == 105
    assert claimed(whole(body, [[column(4, len(body), dictionary=second)]])).n_bytes == 105
    assert claimed(whole(body, [[column(second, len(page(5, 10)))]])).n_bytes == 5


def test_what_is_empty_is_not_looked_for() -> None:
    assert claimed(whole(b"", [[column(1 << 40, 1, n_values=0)]])).n_bytes == 0
    assert claimed(whole(b"", [[column(4, 0)]])).n_bytes == 0
    assert claimed(whole(b"", [[column(0, 0)]])).n_bytes == 0


def test_a_column_lies_within_the_file() -> None:
    body = page(1, 9)
    size = len(whole(body, [[column(4, 100)]]))
    for place, packed in ((-1, 5), (4, -1), (4, 1 << 40), (1 << 40, 0), (-1, 0), (size, 1), (size + 1, 0)):
        assert refused(whole(body, [[column(place, packed)]])) == "a column that reaches beyond the file", (
            place,
            packed,
        )


def test_a_column_may_end_where_the_file_does() -> None:
    size = len(whole(b"", [[column(40, 0)]]))
    assert claimed(whole(b"", [[column(size, 0)]])).n_bytes == 0
    assert refused(whole(b"", [[column(size + 1, 0)]])) == "a column that reaches beyond the file"


def test_a_page_is_of_no_negative_size_and_ends_within_its_column() -> None:
    for body in (page(-1, 9), page(5, 9, claimed=-1)):
        assert refused(whole(body, [[column(4, len(body))]])) == "a page of negative size"
    body = page(1, 9) + page(1, 9)
    for packed in (len(body) - 1, len(body) - 9):
        assert refused(whole(body, [[column(4, packed)]])) == "a page that reaches beyond its column"
    assert refused(whole(body, [[column(4, len(page(1, 9)) + 1)]])) == "it ends early"


def test_the_header_of_a_page_may_be_so_long_and_no_longer() -> None:
    for more in (0, 1):
        length = LARGEST_HEADER - len(page(1, 0)) - 4 + more
        body = page(1, 0, fields={5: b"a" * length})
        assert len(body) == LARGEST_HEADER + more
        content = whole(body, [[column(4, len(body))]])
        assert refused(content) == "it ends early" if more else claimed(content).n_bytes == 1


def test_what_does_not_end_as_a_parquet_file_is_none() -> None:
    good = whole(b"", [])
    assert claimed(good) == Claims(1, 0, 0)
    summary = len(good) - 12
    assert LARGEST_HEADER == 1 << 16
    for content in (
        b"", b"PAR1", good[:-1], good[:-1] + b"0", good[4:], good[5:], good[8:],
        good[:-8] + struct.pack("<I", 0) + MAGIC, good[:-8] + struct.pack("<I", summary + 1) + MAGIC,
        good[:-8] + struct.pack(">I", summary) + MAGIC, good[:-8] + struct.pack("<I", (1 << 32) - 1) + MAGIC,
        good[:-8] + struct.pack("<I", summary | 1 << 24) + MAGIC,
    ):  # fmt: skip
        assert refused(content) == "it is not a Parquet file", content


def test_the_summary_may_be_so_long_and_no_longer() -> None:
    assert LARGEST_SUMMARY == 4 << 20
    start = encoded({3: 1, 4: []})[:-1]
    for more in (0, 1):
        text = b"a" * (LARGEST_SUMMARY - len(start) - 6 + more)
        summary = start + bytes([1 << 4 | BINARY]) + varint(len(text)) + text + b"\0"
        assert len(summary) == LARGEST_SUMMARY + more
        content = MAGIC + summary + struct.pack("<I", len(summary)) + MAGIC
        assert refused(content) == "it is not a Parquet file" if more else claimed(content) == Claims(1, 0, 0)


def test_a_summary_that_lacks_something_or_has_it_of_another_kind_is_none() -> None:
    wrong: list[Fields] = [
        {}, {3: 1}, {4: []}, {3: b"1", 4: []}, {3: 1, 4: 5}, {3: 1, 4: [5]}, {3: 1, 4: [{2: 1}]}, {3: 1, 4: [{1: 5}]},
        {3: 1, 4: [{1: [{2: 1}]}]}, {3: 1, 4: [{1: [{3: {5: 1, 7: 1}}]}]}, {3: 1, 4: [{1: [{3: {}}]}]},
        {3: 1, 4: [{1: [{3: {5: 1, 7: b"1", 9: 4}}]}]},
    ]  # fmt: skip
    for fields in wrong:
        summary = encoded(fields)
        said = refused(MAGIC + summary + struct.pack("<I", len(summary)) + MAGIC)
        assert said == "it is a Parquet file with an incomplete summary", fields
    assert refused(whole(b"", [], -1)) == "a negative number of rows"
    for body in (encoded({3: 0}), encoded({2: 0})):
        said = refused(whole(body, [[column(4, len(body))]]))
        assert said == "it is a Parquet file with an incomplete summary"


def test_numbers_are_read_as_thrift_writes_them() -> None:
    numbers = [0, 1, -1, 63, 64, -64, -65, 127, 128, 300, 1 << 31, -(1 << 31), (1 << 63) - 1, -(1 << 63)]
    assert read(encoded(dict(enumerate(numbers, start=1)))) == dict(enumerate(numbers, start=1))
    for kind in (4, 5, 6):
        assert read(bytes([0x10 | kind, 0x03, 0])) == {1: -2}
    assert read(b"\x16" + b"\xff" * 9 + b"\x01\0") == {1: -(1 << 63)}
    assert read(b"\x16" + b"\x80" * 9 + b"\x00\0") == {1: 0}
    with pytest.raises(ValueError, match="a number that does not end"):
        read(b"\x16" + b"\x80" * 10 + b"\x00\0")


def test_fields_are_numbered_by_steps_or_by_themselves() -> None:
    fields = {1: 5, 2: 6, 17: 7, 33: 8, 5: 9, -3: 10, 12: 11}
    assert read(encoded(fields)) == fields
    assert read(b"\xf6\x02\x16\x04\0") == {15: 1, 16: 2}


def test_every_kind_is_read_and_what_is_after_it_too() -> None:
    after, tail = b"\x16\x0a", {2: 5}
    for content, value in (
        (b"\x11", True), (b"\x12", False), (b"\x13\x07", b"\x07"), (b"\x17" + bytes(range(8)), bytes(range(8))),
        (b"\x18\x03abc", b"abc"), (b"\x18\x00", b""), (b"\x18\x80\x01" + b"a" * 128, b"a" * 128),
        (b"\x1c\x16\x02\0", {1: 1}), (b"\x1c\0", {}), (b"\x19\x26\x02\x04", [1, 2]), (b"\x1a\x26\x02\x04", [1, 2]),
        (b"\x19\x00", []), (b"\x19\x21\x01\x02", [b"\x01", b"\x02"]), (b"\x19\x12\x01", [b"\x01"]),
        (b"\x19\xe6" + b"\x02" * 14, [1] * 14), (b"\x19\xf6\x0f" + b"\x02" * 15, [1] * 15),
        (b"\x19\xf6\x01\x02", [1]), (b"\x19\x1c\x16\x02\0", [{1: 1}]), (b"\x19\x19\x16\x02", [[1]]),
    ):  # fmt: skip
        assert read(content + after + b"\0") == {1: value} | tail, content
    for kind in (0, 11, 13, 14, 15):
        with pytest.raises(ValueError, match="a value of an unknown type"):
            read(bytes([0x10 | kind, 1, 1, 1, 0]))


def test_what_ends_early_is_refused() -> None:
    content = b"\x13\x07\x17" + bytes(8) + b"\x18\x03abc\x1c\x16\x02\0\x19\x26\x02\x04\x16\x80\x01\0"
    assert read(content)
    for length in range(len(content)):
        with pytest.raises(ValueError, match="it ends early"):
            read(content[:length])


def test_structs_and_lists_may_be_so_deep_and_no_deeper() -> None:
    assert read(b"\x1c" * 12 + b"\0" * 13)
    assert read(b"\x1c" * 11 + b"\x11" + b"\0" * 12)
    assert read(b"\x19" + b"\x19" * 10 + b"\x16\x02\0")
    for content in (b"\x1c" * 13 + b"\0" * 14, b"\x19" + b"\x19" * 11 + b"\x16\x02\0", b"\x1c" * 5000):
        with pytest.raises(ValueError, match="it is nested too deeply"):
            read(content)
