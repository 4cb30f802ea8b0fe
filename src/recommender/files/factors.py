"""Files of a model's representations; nothing in them can run code."""

from dataclasses import fields
from pathlib import Path

from recommender.files.arrays import read_arrays, write_arrays
from recommender.files.whole import Source
from recommender.ranking.factors import Factors


def write_factors(path: Path, factors: Factors) -> None:
    """Write the four arrays."""
    write_arrays(path, {field.name: getattr(factors, field.name) for field in fields(factors)})


def read_factors(source: Source) -> Factors:
    """Read them."""
    return Factors(**read_arrays(source))
