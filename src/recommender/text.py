"""Text from data, made fit for a terminal."""

import json
import unicodedata

JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners: Persian, Hindi and emoji are written with them, and they cannot deceive."""


def printable(text: str) -> str:
    """Escape what could steer a terminal or deceive its reader.

    These are control characters (escape sequences begin with one), line and paragraph separators, lone surrogates, and
    invisible characters such as those that turn the direction of writing. A line break is escaped, too.
    """
    if text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _escaped(letter) for letter in text)


def printable_lines(text: str) -> str:
    """Escape each line as `printable` does."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_json(content: object) -> str:
    """Write indented JSON that is fit for a terminal: what `printable` escapes is escaped as JSON has it."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str, skipkeys=True)
    return "\n".join(
        line if line.isprintable() else "".join(c if _is_harmless(c) else json.dumps(c)[1:-1] for c in line)
        for line in text.split("\n")
    )


def shortened(text: str, at_most: int) -> str:
    """Cut a text that is longer than so many characters, and say that it was."""
    return text if len(text) <= at_most else f"{text[: at_most - 3]}..."


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in JOINERS or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
