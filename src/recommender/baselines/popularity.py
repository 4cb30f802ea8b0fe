"""The most popular items for everybody."""

import numpy as np
import scipy.sparse as sp

from recommender.ranking.factors import Factors


def popularity(train: sp.csr_matrix) -> Factors:
    """Score each item by how many users have it, shape of `train` (n_users, n_items); entries above 0 count."""
    n_users, n_items = train.shape
    counts = np.bincount(train.indices[train.data > 0], minlength=n_items)
    nothing = np.zeros((1, 0), dtype=np.float32)
    return Factors(
        np.broadcast_to(nothing, (n_users, 0)),
        np.zeros(n_users, dtype=np.float32),
        np.broadcast_to(nothing, (n_items, 0)),
        counts.astype(np.float32),
    )
