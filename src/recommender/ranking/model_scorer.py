"""The scorer of a model of any family."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.files.factors import Factors
from recommender.files.models import Model
from recommender.owned import positives
from recommender.ranking.blank_users import OrPopular
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.item_scorer import ItemScorer
from recommender.ranking.scorer import Scorer


def scorer_of(model: Model, interactions: sp.csr_matrix) -> Scorer:
    """Make a scorer of a model.

    A user who has nothing that the model knows would get the same score for every item, and gets the number of each
    item's users. LightFM and `history` have biases, which tell items apart for everybody.

    Parameters
    ----------
    model
        A model.
    interactions
        Shape (n_users, n_items): what the users have, which models that know items alone score by.
    """
    if isinstance(model, Factors):
        scorer: Scorer = FactorScorer(model)
        n_telling = np.count_nonzero(model.user_embeddings, axis=1) + np.count_nonzero(model.item_biases)
        is_known: NDArray[np.bool_] = n_telling > 0
    else:
        scorer = by_items = ItemScorer(positives(interactions), model)
        is_known = by_items.knows
    if is_known.all():
        return scorer
    popularity = np.bincount(positives(interactions).indices, minlength=interactions.shape[1])
    return OrPopular(scorer, ~is_known, popularity.astype(np.float32))
