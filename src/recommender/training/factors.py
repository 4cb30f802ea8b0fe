"""From a LightFM model to what ranking needs: one row for each user and for each program."""

import scipy.sparse as sp
from lightfm import LightFM

from recommender.ranking.factors import Factors


def factors_of(model: LightFM, user_features: sp.csr_matrix, item_features: sp.csr_matrix) -> Factors:
    """Sum the embeddings and biases of each user's and each program's features.

    Parameters
    ----------
    model
        A fitted model.
    user_features, item_features
        The features that it was fitted with, shapes (n_users, n_user_features) and (n_items, n_item_features). A
        LightFM model does not know its features, and predicts wrongly without them (lyst/lightfm issues 369, 403).
    """
    user_biases, user_embeddings = model.get_user_representations(user_features)
    item_biases, item_embeddings = model.get_item_representations(item_features)
    return Factors(user_embeddings, user_biases, item_embeddings, item_biases)
