"""The text of a file as UTF-8, whatever its encoding, and the place where it is not text."""

import codecs
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from recommender.errors import RecommenderError
from recommender.text import shown

OnBytes = Callable[[int], None]

AT_ONCE = 1 << 20
_BOM = "\ufeff"


class Utf8(io.RawIOBase):
    """A file that is read as UTF-8: decoded strictly, without byte order marks at its start and without NULs.

    Parameters
    ----------
    path, encoding
        The file, and what it is in.
    on_bytes
        Called with how many bytes of the file have been read since the last call.
    end
        What is read behind the end of the file.

    Raises
    ------
    UnicodeError
        While it is read: it is not text in this encoding; `refuse_no_text` says where.
    """

    def __init__(self, path: Path, encoding: str, on_bytes: OnBytes | None = None, end: bytes = b"") -> None:
        self._file = io.FileIO(path)
        self._as_it_is = _is_utf8(encoding)
        self._decoder = _decoder(encoding)
        self._on_bytes = on_bytes
        self._end = end
        self._ready = b""
        self._started = self._ended = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def read(self, size: int = -1, /) -> bytes:
        """Read `size` bytes, fewer at the end: Arrow takes what it gets at once for a block."""
        while (size < 0 or len(self._ready) < size) and not self._ended:
            self._ready += self._more(AT_ONCE)
        size = len(self._ready) if size < 0 else size
        part, self._ready = self._ready[:size], self._ready[size:]
        return part

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, for `io.BufferedReader`."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _more(self, size: int) -> bytes:
        raw = self._file.read(size)
        if self._on_bytes:
            self._on_bytes(len(raw))
        content = self._checked(raw)
        if not self._started:
            while content.startswith(_BOM.encode()):
                content = content[len(_BOM.encode()) :]
            self._started = bool(content)
        if not raw:
            self._ended = True
            content += self._end
        return content

    def _checked(self, raw: bytes) -> bytes:
        if self._as_it_is:
            before, _ = self._decoder.getstate()
            if before or not raw.isascii():
                self._decoder.decode(raw, final=not raw)
                # What is cut in the middle of a character waits for the rest of it.
                rest, _ = self._decoder.getstate()
                raw = before + raw
                raw = raw[: len(raw) - len(rest)]
            content = raw
        else:
            content = self._decoder.decode(raw, final=not raw).encode()
        if b"\0" in content:
            raise UnicodeError("NUL")
        return content


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    # utf-8-sig takes half a byte order mark for nothing; marks are left out here in any encoding.
    return codecs.getincrementaldecoder("utf-8" if _is_utf8(encoding) else encoding)()


def lines_in(text: str) -> int:
    r"""Count the line breaks: ``\n``, ``\r\n`` and ``\r``."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def refuse_no_text(path: Path, encoding: str) -> None:
    """Raise a `RecommenderError` that says on which line the file is not text in this encoding, if so."""
    decoder = _decoder(encoding)
    line, last = 1, ""
    with path.open("rb") as stream:
        while True:
            raw = stream.read(1 << 16)
            state = decoder.getstate()
            try:
                text = _strict(decoder, raw)
            except UnicodeError:
                # Once more, byte by byte, to count the lines before the wrong one.
                decoder.setstate(state)
                for byte in [raw[at : at + 1] for at in range(len(raw))] + [b""]:
                    try:
                        text = _strict(decoder, byte)
                    except UnicodeError as error:
                        raise RecommenderError(f"{path.name} line {line}: {_problem(error, encoding)}") from None
                    line, last = _after(text, line, last)
            if not raw:
                return
            line, last = _after(text, line, last)


def _after(text: str, line: int, last: str) -> tuple[int, str]:
    """Give the line and the last letter after a text, from those before it: a line break may be cut."""
    return line + lines_in(text) - (last == "\r" and text.startswith("\n")), text[-1:] or last


def _strict(decoder: codecs.IncrementalDecoder, raw: bytes) -> str:
    text = decoder.decode(raw, final=not raw)
    text.encode()
    if "\0" in text:
        raise UnicodeError("NUL")
    return text


def _problem(error: UnicodeError, encoding: str) -> str:
    if isinstance(error, UnicodeDecodeError):
        wrong = error.object[error.start]
        return (
            f"byte 0x{wrong:02x} is not {encoding}; set data.encoding to what the file is in, often latin-1 or cp1252"
        )
    if isinstance(error, UnicodeEncodeError):
        return f"{shown(error.object[error.start])} is half a character; set data.encoding to what the file is in"
    if str(error) == "NUL":
        return (
            f"there is a NUL character, as in no text; the file is damaged, or not in {encoding}: "
            "write it anew, or set data.encoding to what it is in, perhaps utf-16"
        )
    return f"this is not {encoding} ({error}); set data.encoding to what the file is in, such as utf-16-le"
