"""A LightFM model as factors: one row for each user and for each item."""

from lightfm import LightFM

from recommender.files.factors import Factors
from recommender.training.examples import Examples


def factors_of(model: LightFM, examples: Examples) -> Factors:
    """Sum the embeddings and biases of each user's and each item's features.

    Parameters
    ----------
    model
        A fitted model.
    examples
        The examples that it was fitted on. A LightFM model does not know their features, and predicts wrongly without
        them (lyst/lightfm issues 369, 403).
    """
    user_biases, user_embeddings = model.get_user_representations(examples.user_features)
    item_biases, item_embeddings = model.get_item_representations(examples.item_features)
    return Factors(user_embeddings, user_biases, item_embeddings, item_biases)
