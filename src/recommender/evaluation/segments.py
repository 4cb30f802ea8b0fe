"""Segments of users by how much they have interacted, so that new users are not hidden in the mean."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def segments(n_train: NDArray[np.integer], bounds: Sequence[int]) -> dict[str, NDArray[np.intp]]:
    """Group users by their number of training positives.

    Fixed bounds, and not quantiles, so that a segment means the same in every data set and every revision.

    Parameters
    ----------
    n_train
        Shape (m,): how many training positives each user has.
    bounds
        The largest number in each segment but the last, ascending.

    Returns
    -------
    dict
        The positions of each segment's users by its name, such as ``6-20`` or ``101+``, in ascending order; only
        segments that have users.
    """
    place = np.searchsorted(bounds, n_train)
    firsts = [0, *(bound + 1 for bound in bounds)]
    names = [f"{first}-{last}" if first < last else f"{last}" for first, last in zip(firsts, bounds, strict=False)]
    names.append(f"{firsts[-1]}+")
    members = {name: np.flatnonzero(place == number) for number, name in enumerate(names)}
    return {name: users for name, users in members.items() if len(users)}
