"""Text and values from data, made safe for messages and terminals."""

import json
import unicodedata
from collections.abc import Iterable
from itertools import islice

SHOWN = 80
"""The number of characters that a message shows of a value."""
JOINERS = "\u200c\u200d"
"""Zero-width joiners and non-joiners: Persian, Hindi and emoji need them, and they cannot deceive."""


def printable(text: str) -> str:
    """Escape what could control a terminal or deceive its reader.

    That is control characters (with which escape sequences begin), line and paragraph separators, lone surrogates, and
    invisible characters such as those that change the direction of writing. Line breaks are escaped, too.
    """
    if text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _escaped(letter) for letter in text)


def printable_lines(text: str) -> str:
    """Escape each line as `printable` does, and keep the line breaks."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_json(content: object) -> str:
    """Format indented JSON that is safe for a terminal: what `printable` escapes becomes a JSON escape."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str, skipkeys=True)
    return "\n".join(
        line if line.isprintable() else "".join(c if _is_harmless(c) else json.dumps(c)[1:-1] for c in line)
        for line in text.split("\n")
    )


def shown(value: object, at_most: int = SHOWN) -> str:
    """Format a value for a message: as Python does, without control characters, and cut where it is long."""
    if isinstance(value, str) and len(value) > at_most:
        return repr(value[: at_most - 1] + "…")
    if isinstance(value, int) and value.bit_length() > 4 * at_most:
        return f"a number of about {round(value.bit_length() * 0.30103):,} digits"
    if isinstance(value, list | tuple | dict | set):
        return cut(_container(value, at_most), at_most)
    return cut(repr(value), at_most)


def named(name: object, at_most: int = SHOWN) -> str:
    """Format a name for a message: as it is where it can be printed, else as `shown` does."""
    text = str(name) if isinstance(name, str) else shown(name, at_most)
    return text if text.isprintable() and len(text) <= at_most else shown(text, at_most)


def one_line(message: object) -> str:
    """Join what a library or a program says, such as an exception, into one line; its type where it says nothing."""
    return " ".join(str(message).split()) or type(message).__name__


def cut(text: str, at_most: int) -> str:
    """Shorten a text that is longer than so many characters, and end it with an ellipsis."""
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in JOINERS or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def _container(value: Iterable[object], at_most: int) -> str:
    """Format the first elements, and nothing inside them: a few lines of YAML can be endless when written out."""
    cells = value.items() if isinstance(value, dict) else ((cell,) for cell in value)
    inner = ", ".join(": ".join(_leaf(part, at_most) for part in cell) for cell in islice(cells, at_most))
    return f"{{{inner}}}" if isinstance(value, dict | set) else f"[{inner}]"


def _leaf(value: object, at_most: int) -> str:
    return "…" if isinstance(value, list | tuple | dict | set) and value else shown(value, at_most)
