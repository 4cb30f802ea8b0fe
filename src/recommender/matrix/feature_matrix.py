"""The features of users and programs as LightFM takes them: the identity, and a column for each `column=value`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from recommender.settings.features import FeatureSettings


def feature_matrix(
    table: pa.Table, columns: Sequence[str], settings: FeatureSettings
) -> tuple[sp.csr_matrix, list[str]]:
    """Build the feature matrix of users or programs.

    Parameters
    ----------
    table
        The clean table, one row for each user or program.
    columns
        The describing columns. Their values are namespaced by the column, since in LightFM a feature that is called
        like an id would merge with it.
    settings
        How several values in one cell are told apart, and whether rows are normalised.

    Returns
    -------
    features : csr_matrix of shape (n, n + n_features), float32
        As LightFM's `Dataset.build_user_features` gives it: the identity first, then the features in the order of their
        names. A row that is normalised sums to 1.
    names : list of str
        The names of the features behind the identity.
    """
    n = len(table)
    rows, texts = [np.arange(0)], []
    for column in columns:
        cells = pc.cast(table[column], pa.string()).combine_chunks()
        owners = np.arange(n)
        separator = settings.separator.get(column) if isinstance(settings.separator, dict) else settings.separator
        if separator:
            values = pc.split_pattern(cells, separator)
            cells, owners = pc.list_flatten(values), pc.list_parent_indices(values).to_numpy()
        filled = pc.utf8_trim_whitespace(cells)
        keep = pc.not_equal(filled, "").to_numpy(zero_copy_only=False)
        rows.append(owners[keep])
        texts.append(pc.binary_join_element_wise(column, filled.filter(pa.array(keep)), "="))
    encoded = pa.chunked_array(texts, pa.string()).combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    described = np.concatenate(rows)
    entries = (np.r_[np.arange(n), described], np.r_[np.arange(n), n + place[encoded.indices.to_numpy()]])
    ones = np.ones(len(entries[0]), dtype=np.float32)
    features = sp.coo_matrix((ones, entries), shape=(n, n + len(names))).tocsr()
    features.data[:] = 1  # a value that stands twice in a cell counts once
    if settings.normalize:
        counts = np.diff(features.indptr)
        features.data[:] = np.repeat(1 / counts, counts)
    return sp.csr_matrix(features, dtype=np.float32), [names[i] for i in order]
