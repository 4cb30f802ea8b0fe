"""The data that a model learns from."""

from dataclasses import dataclass

import scipy.sparse as sp


@dataclass(frozen=True, eq=False)
class Examples:
    """Interactions, with the features of users and items.

    Attributes
    ----------
    interactions
        Shape (n_users, n_items), float32, entries in the order of the data, which LightFM's own fit goes by. The sign
        says whether an entry is a positive or a known negative, the size how much it weighs.
    user_features, item_features
        Shapes (n_users, n_user_features) and (n_items, n_item_features), float32; None: the identity.
    """

    interactions: sp.coo_matrix
    user_features: sp.csr_matrix | None = None
    item_features: sp.csr_matrix | None = None
