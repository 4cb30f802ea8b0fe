"""The interaction matrix that LightFM learns from."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.errors import RecommenderError
from recommender.files.columns import INTERACTION, PROGRAM_ID, SPLIT, TEST, TIMESTAMP, USER_ID
from recommender.files.ids import IdMap
from recommender.settings.data import DataSettings


def interaction_matrix(
    interactions: pa.Table, ids: IdMap, settings: DataSettings
) -> tuple[sp.coo_matrix, NDArray[np.int64] | None, NDArray[np.bool_] | None]:
    """Build the interaction matrix.

    Parameters
    ----------
    interactions
        Clean interactions, each pair once.
    ids
        The id mapping.
    settings
        What is a positive, what the other rows are, and how much a positive weighs.

    Returns
    -------
    matrix : coo_matrix of shape (n_users, n_programs), float32, indices int32
        One entry for each row that counts, in the order of the rows: +1 (or the interaction, if that is its weight)
        for a positive, -1 for a known negative. With weights of 1 it is what LightFM's `Dataset.build_interactions`
        gives for the positives.
    timestamps : ndarray of shape (nnz,), int64, or None
        When each entry happened, in milliseconds since 1970 UTC, if the data says.
    given_test : ndarray of shape (nnz,), bool, or None
        Whether each entry is in the test part of a split that the data gives, if it gives one.

    Raises
    ------
    RecommenderError
        A positive would weigh nothing or less.
    """
    values = interactions[INTERACTION].to_numpy()
    positive = values >= settings.positive_threshold
    weights = np.where(positive, 1.0, -1.0).astype(np.float32)
    if settings.weight == "interaction":
        with np.errstate(over="ignore", under="ignore"):
            weights[positive] = values[positive]
        if (weights[positive] <= 0).any():
            raise RecommenderError(
                f"data.weight is 'interaction', and a positive of {values[positive].min():g} would not count; "
                f"raise data.positive_threshold, which is {settings.positive_threshold:g}, above 0"
            )
        if not np.isfinite(weights).all():
            raise RecommenderError(
                f"data.weight is 'interaction', and a positive of {values[positive].max():g} is more than LightFM can "
                f"count, {np.finfo(np.float32).max:g}; write interactions in a larger unit, or set data.weight to none"
            )
    counts = positive if settings.below_threshold == "drop" else np.ones(len(values), dtype=bool)
    rows = _positions(interactions[USER_ID], ids.user_ids)[counts]
    columns = _positions(interactions[PROGRAM_ID], ids.program_ids)[counts]
    matrix = sp.coo_matrix((weights[counts], (rows, columns)), shape=ids.shape)
    names = interactions.column_names
    timestamps = interactions[TIMESTAMP].to_numpy()[counts] if TIMESTAMP in names else None
    given_test = pc.equal(interactions[SPLIT], TEST).to_numpy()[counts] if SPLIT in names else None
    return matrix, timestamps, given_test


def _positions(column: pa.ChunkedArray, ids: tuple[str, ...]) -> NDArray[np.int32]:
    encoded = pc.dictionary_encode(column).unify_dictionaries()
    known = pa.array(ids, pa.string())
    position = pc.index_in(encoded.chunk(0).dictionary, known).to_numpy()
    return np.concatenate([position[chunk.indices.to_numpy()] for chunk in encoded.chunks]).astype(np.int32, copy=False)
