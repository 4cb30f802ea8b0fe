"""The scorer of a model of any family."""

import scipy.sparse as sp

from recommender.files.factors import Factors
from recommender.files.models import Model
from recommender.owned import positives
from recommender.ranking.factor_scorer import FactorScorer
from recommender.ranking.item_scorer import ItemScorer
from recommender.ranking.scorer import Scorer


def scorer_of(model: Model, interactions: sp.csr_matrix) -> Scorer:
    """Make a scorer of a model.

    Parameters
    ----------
    model
        A model.
    interactions
        Shape (n_users, n_items): what the users have, which models that know items alone score by.
    """
    if isinstance(model, Factors):
        return FactorScorer(model)
    return ItemScorer(positives(interactions), model)
