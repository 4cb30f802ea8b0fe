"""Users as sums: what turns a history into a user's embedding, in training and for users who come later."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.powers import powers
from recommender.training.core.rows import Floats


@dataclass(frozen=True, eq=False)
class Sources:
    """The items' source embeddings: a user is ``scale / n ** exponent`` times the sum of those of the user's n items.

    Attributes
    ----------
    embeddings
        Shape (n_items, no_components).
    scale, exponent
        Of the sum.
    """

    embeddings: Floats
    scale: float
    exponent: float

    def users(self, histories: sp.csr_matrix) -> Floats:
        """Sum up histories, which need not be those of training.

        Parameters
        ----------
        histories
            Shape (n_users, n_items). What is above zero is in the history, whatever its weight.

        Returns
        -------
        numpy.ndarray
            Shape (n_users, no_components), float32. A row depends on its own history alone, to the byte; an empty
            history gives zeros.
        """
        positives = sp.csr_matrix(histories > 0)
        positives.sort_indices()
        # SciPy adds the rows up one after another, in the order of the indices, and times one changes no bit.
        sums = positives.astype(np.float32) @ self.embeddings
        return np.asarray(sums * sum_weights(np.diff(positives.indptr), self.scale, self.exponent)[:, None])


def sum_weights(lengths: NDArray[np.integer], scale: float, exponent: float) -> Floats:
    """Compute what the sums over histories of these lengths are multiplied by: ``scale / length ** exponent``.

    Returns
    -------
    numpy.ndarray
        The shape of ``lengths``, float32; 0 for a length of 0.
    """
    there = lengths > 0
    weights = np.zeros(len(lengths))
    weights[there] = scale / powers(lengths[there], exponent)
    return weights.astype(np.float32)
