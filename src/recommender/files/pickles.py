"""Pickles for notebooks."""

from pathlib import Path

import joblib

from recommender.files.atomic import open_atomically


def write_pickle(path: Path, value: object) -> None:
    """Write a joblib pickle. The project itself never reads one, because a pickle can run code."""
    with open_atomically(path) as stream:
        joblib.dump(value, stream)
