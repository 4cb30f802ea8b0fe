"""The file of a model of any family."""

from pathlib import Path

from recommender.files.arrays import read_arrays, write_arrays
from recommender.files.atomic import Readable
from recommender.files.factors import Factors
from recommender.files.item_weights import ItemWeights

Model = Factors | ItemWeights
"""What a family's training gives: enough to score every item for every user, with what the user has."""


def write_model(path: Path, model: Model) -> None:
    """Write a model as an uncompressed `.npz`."""
    write_arrays(path, model.to_arrays())


def read_model(source: Readable) -> Model:
    """Read what `write_model` wrote.

    Raises
    ------
    RecommenderError
        The arrays are not a model.
    TypeError, ValueError, KeyError, OSError, zipfile.BadZipFile
        The file is not one of `write_model`.
    """
    arrays = read_arrays(source)
    return Factors(**arrays) if "user_embeddings" in arrays else ItemWeights.from_arrays(arrays)
