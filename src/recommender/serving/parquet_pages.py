"""How much memory a Parquet file claims to need, found out before any is taken.

Its pages are compressed, so that a small file can ask for a lot; and what its own summary says of their sizes need not
be true. What the header before each page says is what a reader goes by, so that is what is added up here.

Summary and headers are in Thrift's compact protocol. The numbers of the fields are those of Apache Parquet's
`parquet.thrift`. They are read here since Arrow's Python interface to them ends the process where they contradict each
other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

MAGIC = b"PAR1"
LARGEST_SUMMARY = 4 << 20
LARGEST_HEADER = 1 << 16
_DEEPEST = 12

_BOOLEANS, _BYTE, _INTEGERS, _DOUBLE, _BINARY, _LISTS, _STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 12
# FileMetaData, RowGroup, ColumnChunk, ColumnMetaData, PageHeader
_NUM_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS = 1
_META_DATA = 3
_NUM_VALUES, _COMPRESSED_SIZE, _DATA_PAGE, _DICTIONARY_PAGE = 5, 7, 9, 11
_PAGE_SIZE, _COMPRESSED_PAGE_SIZE = 2, 3


@dataclass(frozen=True)
class Claims:
    """What a Parquet file says of itself.

    Attributes
    ----------
    n_rows, n_columns
        How many there are.
    n_bytes
        What its pages take once they are uncompressed.
    """

    n_rows: int
    n_columns: int
    n_bytes: int


def claims(stream: IO[bytes], size: int) -> Claims:
    """Read what a Parquet file of so many bytes says of itself.

    Raises
    ------
    ValueError
        It is no Parquet file, or its parts do not lie where they should.
    """
    stream.seek(max(0, size - 8))
    tail = stream.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or not 0 < length <= min(LARGEST_SUMMARY, size - 12):
        raise ValueError("it is no Parquet file")
    stream.seek(size - 8 - length)
    try:
        summary = _Compact(stream.read(length)).struct()
        groups = [group[_COLUMNS] for group in summary[_ROW_GROUPS]]
        chunks = [column[_META_DATA] for columns in groups for column in columns]
        n_bytes = sum(sum(_pages(stream, chunk, size)) for chunk in chunks)
        if summary[_NUM_ROWS] < 0:
            raise ValueError("a negative number of rows")
        return Claims(summary[_NUM_ROWS], max(map(len, groups), default=0), n_bytes)
    except (LookupError, TypeError, AttributeError):
        raise ValueError("it is no Parquet file that says what is in it") from None


def _pages(stream: IO[bytes], chunk: dict[int, Any], size: int) -> Iterator[int]:
    """Give the uncompressed size of each page of a column in a group of rows."""
    if not chunk[_NUM_VALUES]:
        return  # what is empty may have no pages, and does not say where they would be
    place = min(chunk[_DATA_PAGE], chunk.get(_DICTIONARY_PAGE) or chunk[_DATA_PAGE])
    end = place + chunk[_COMPRESSED_SIZE]
    if not 0 <= place <= end <= size:
        raise ValueError("a column that leads out of the file")
    while place < end:
        stream.seek(place)
        reader = _Compact(stream.read(min(LARGEST_HEADER, end - place)))
        header = reader.struct()
        if header[_PAGE_SIZE] < 0 or header[_COMPRESSED_PAGE_SIZE] < 0:
            raise ValueError("a page of negative size")
        place += reader.place + header[_COMPRESSED_PAGE_SIZE]
        yield header[_PAGE_SIZE]
    if place != end:
        raise ValueError("a page that leads out of its column")


class _Compact:
    """Reads Thrift's compact protocol."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.place = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Read a struct to its end, and give its fields by their numbers."""
        found: dict[int, Any] = {}
        number = 0
        while head := self._bytes(1)[0]:
            step = head >> 4
            number = number + step if step else self._integer()
            kind = head & 0x0F
            found[number] = kind == _BOOLEANS[0] if kind in _BOOLEANS else self._value(kind, depth + 1)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("it is too deep")
        if kind in _INTEGERS:
            return self._integer()
        if kind == _STRUCT:
            return self.struct(depth)
        if kind in _LISTS:
            head = self._bytes(1)[0]
            length = self._varint() if head >> 4 == 0x0F else head >> 4
            return [self._value(head & 0x0F, depth + 1) for _ in range(length)]
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in (*_BOOLEANS, _BYTE):
            return self._bytes(1)
        if kind == _DOUBLE:
            return self._bytes(8)
        raise ValueError("a value of an unknown kind")

    def _bytes(self, count: int) -> bytes:
        found = self._content[self.place : self.place + count]
        if len(found) < count:
            raise ValueError("it ends early")
        self.place += count
        return found

    def _varint(self) -> int:
        value = 0
        for place in range(10):
            byte = self._bytes(1)[0]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                return value
        raise ValueError("a number that does not end")

    def _integer(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
