"""Files in the one form that the project writes, made of files in any other."""

import csv
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from recommender.cleaning import records
from recommender.cleaning.csv_file import CsvFile

ENCODING, DELIMITER = "utf-8", ","
"""The form of a file that is not copied as it is."""


def write_anew(source: CsvFile, target: Path, header: Sequence[str] = ()) -> None:
    """Write the records of a file as `recommender.files.csv_files` does: UTF-8, commas, every cell in quotes.

    One record is in memory at a time. Records with too many or too few cells stay as they are, for the pipeline to say.

    Parameters
    ----------
    source
        The file.
    target
        Where to.
    header
        The names of the columns, if the file has none.

    Raises
    ------
    RecommenderError
        The file is not in its encoding, or a quote is never closed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    found = records.every(source.path, source.encoding, source.delimiter, source.on_bytes)
    with target.open("w", encoding=ENCODING, newline="") as stream:
        writer = csv.writer(stream, delimiter=DELIMITER, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(chain([header] if header else [], found))
