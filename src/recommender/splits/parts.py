"""The two parts that a split makes."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray


@dataclass(frozen=True)
class Split:
    """The interactions that a model may learn from, and those that it is tested on.

    Attributes
    ----------
    train
        Entries in the order of the whole matrix.
    test
        Positives only, likewise.
    in_train
        Shape (nnz of the whole matrix,): which of its entries are in train.
    """

    train: sp.coo_matrix
    test: sp.coo_matrix
    in_train: NDArray[np.bool_]

    @classmethod
    def of(cls, matrix: sp.coo_matrix, in_train: NDArray[np.bool_], in_test: NDArray[np.bool_]) -> Self:
        """Divide a matrix by two masks over its entries, shape (nnz,) each."""
        return cls(_only(matrix, in_train), _only(matrix, in_test), in_train)


def _only(matrix: sp.coo_matrix, which: NDArray[np.bool_]) -> sp.coo_matrix:
    return sp.coo_matrix((matrix.data[which], (matrix.row[which], matrix.col[which])), shape=matrix.shape)
