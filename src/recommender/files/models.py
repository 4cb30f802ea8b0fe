"""The file of a model of any family, which cannot run code."""

from pathlib import Path

from recommender.files.arrays import read_arrays, write_arrays
from recommender.files.atomic import Readable
from recommender.files.factors import Factors
from recommender.files.item_weights import ItemWeights

Model = Factors | ItemWeights
"""What training gives: with what users have, it scores every item for every user."""


def is_about(model: Model, n_users: int, n_items: int) -> bool:
    """Tell whether a model is about so many users and items; one that knows items alone is about any users."""
    if isinstance(model, Factors):
        return model.shape == (n_users, n_items)
    return model.n_items == n_items


def write_model(path: Path, model: Model) -> None:
    """Write a model as an uncompressed `.npz`; the names of its arrays say what it is."""
    write_arrays(path, model.arrays)


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
    return ItemWeights.of(arrays) if "n_items" in arrays else Factors(**arrays)
