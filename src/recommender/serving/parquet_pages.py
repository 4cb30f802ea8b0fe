"""The memory that a Parquet file claims to need, added up before any is used.

Pages are compressed, so a small file can ask for a lot, and the sizes in the file's own summary need not be true. A
reader goes by the header before each page, so these headers are what is added up here.

Summary and headers are in Thrift's compact protocol, with the field numbers of Apache Parquet's `parquet.thrift`. They
are parsed here because Arrow's Python interface to them kills the process where they contradict each other.
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
    """The size that a Parquet file claims.

    Attributes
    ----------
    n_rows, n_columns
        The numbers of rows and columns.
    n_bytes
        The bytes of its pages once uncompressed.
    """

    n_rows: int
    n_columns: int
    n_bytes: int


def claims(stream: IO[bytes], size: int) -> Claims:
    """Read the size that a Parquet file claims, from its summary and page headers.

    Parameters
    ----------
    stream, size
        The file, and its number of bytes.

    Raises
    ------
    ValueError
        It is not a Parquet file, or its parts are not where they should be.
    """
    stream.seek(max(0, size - 8))
    tail = stream.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or not 0 < length <= min(LARGEST_SUMMARY, size - 12):
        raise ValueError("it is not a Parquet file")
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
        raise ValueError("it is a Parquet file with an incomplete summary") from None


def _pages(stream: IO[bytes], chunk: dict[int, Any], size: int) -> Iterator[int]:
    """Yield the uncompressed size of each page of a column chunk."""
    if not chunk[_NUM_VALUES]:
        return  # an empty chunk may have no pages, and no valid offset
    place = min(chunk[_DATA_PAGE], chunk.get(_DICTIONARY_PAGE) or chunk[_DATA_PAGE])
    end = place + chunk[_COMPRESSED_SIZE]
    if not 0 <= place <= end <= size:
        raise ValueError("a column that reaches beyond the file")
    while place < end:
        stream.seek(place)
        reader = _Compact(stream.read(min(LARGEST_HEADER, end - place)))
        header = reader.struct()
        if header[_PAGE_SIZE] < 0 or header[_COMPRESSED_PAGE_SIZE] < 0:
            raise ValueError("a page of negative size")
        place += reader.place + header[_COMPRESSED_PAGE_SIZE]
        yield header[_PAGE_SIZE]
    if place != end:
        raise ValueError("a page that reaches beyond its column")


class _Compact:
    """A reader of Thrift's compact protocol."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.place = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Read a struct to its end, and return its fields by number."""
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
            raise ValueError("it is nested too deeply")
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
        raise ValueError("a value of an unknown type")

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
