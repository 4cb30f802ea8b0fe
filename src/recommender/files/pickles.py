"""Pickles for notebooks."""

from pathlib import Path

import joblib

from recommender.files.whole import written_whole


def write_pickle(path: Path, value: object) -> None:
    """Write a joblib pickle. The project itself never reads one, since a pickle can run code."""
    with written_whole(path) as stream:
        joblib.dump(value, stream)
