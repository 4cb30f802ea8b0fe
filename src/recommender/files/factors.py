"""The arrays of a factor model."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Factors:
    """The representations of users and items: a score is the dot product of two embeddings, plus both biases.

    Attributes
    ----------
    user_embeddings, item_embeddings
        Shapes (n_users, d) and (n_items, d), float32.
    user_biases, item_biases
        Shapes (n_users,) and (n_items,), float32.

    Raises
    ------
    RecommenderError
        The shapes or dtypes do not fit together, or a number is not finite.
    """

    user_embeddings: Floats
    user_biases: Floats
    item_embeddings: Floats
    item_biases: Floats

    def __post_init__(self) -> None:
        d = self.user_embeddings.shape[-1]
        wanted = [
            (len(self.user_biases), d),
            (len(self.user_biases),),
            (len(self.item_biases), d),
            (len(self.item_biases),),
        ]
        found = list(self.arrays.values())
        if [array.shape for array in found] != wanted or {array.dtype for array in found} != {np.dtype(np.float32)}:
            described = ", ".join(f"{array.dtype} {array.shape}" for array in found)
            raise RecommenderError(f"these arrays are not a model: {described}")
        for name, array in self.arrays.items():
            if not np.isfinite(array).all():
                raise RecommenderError(
                    f"the model's {name} are not all finite, so it cannot rank; "
                    "train it again with a lower train.learning_rate"
                )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""
        return len(self.user_biases), len(self.item_biases)

    @property
    def arrays(self) -> dict[str, Floats]:
        """The four arrays, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
