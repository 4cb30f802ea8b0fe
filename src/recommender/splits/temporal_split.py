"""A test of everything from one moment on."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def temporal_split(matrix: sp.coo_matrix, timestamps: NDArray[np.int64], test_fraction: float) -> tuple[Mask, Mask]:
    """Test the positives from one moment on, and train on what came before it.

    The moment is the earliest that tests at most `test_fraction` of the positives; whatever happened at that very
    moment is tested. Known negatives from then on are in neither part.

    Parameters
    ----------
    matrix
        Shape (n_users, n_items); above 0: a positive.
    timestamps
        Shape (nnz,), int64.
    test_fraction
        The largest share that is tested.

    Returns
    -------
    in_train, in_test
        Shape (nnz,), bool each.
    """
    positive = matrix.data > 0
    moments = np.sort(timestamps[positive])
    first = len(moments) - int(len(moments) * test_fraction)
    if first < len(moments) and moments[first - 1] == moments[first]:
        first = int(np.searchsorted(moments, moments[first], side="right"))
    cut = moments[first] if first < len(moments) else np.iinfo(np.int64).max
    later = timestamps >= cut
    return ~later, later & positive
