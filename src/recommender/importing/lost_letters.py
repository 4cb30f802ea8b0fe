"""Letters that were lost before a file came here: each is a U+FFFD now, in whatever encoding the file is."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from recommender.text import named, shown

REPLACEMENT = "\ufffd"
"""The character that a program writes for bytes that are not a letter in the encoding it assumes."""


def lost_letters(columns: Iterable[tuple[str, str, pa.ChunkedArray]]) -> str | None:
    """Say in one line how many texts have lost letters; None: none has.

    Parameters
    ----------
    columns
        The name of a file, of a column in it, and its texts.
    """
    counts, example = [], ""
    for file, column, texts in columns:
        found = texts.filter(pc.match_substring(texts, REPLACEMENT))
        if len(found):
            counts.append(f"{len(found):,} of {len(texts):,} in {file}, column {named(column)}")
            example = example or shown(found[0].as_py())
    if not counts:
        return None
    return (
        f"texts with U+FFFD, where a letter was lost: {'; '.join(counts)}; such as {example}. "
        "The file was once read in a wrong encoding: if you can, export it anew"
    )
