"""RP3beta: random walks of three steps from a user to items, with the popular ones held down."""

import numpy as np
import scipy.sparse as sp

from recommender.execution import SEQUENTIAL, Execution
from recommender.files.item_weights import ItemWeights, quantise
from recommender.peers.pairs import Pairs
from recommender.peers.similar import Similarity, most_similar
from recommender.powers import powers
from recommender.settings.peers import Rp3betaSettings


def rp3beta(train: sp.csr_matrix, settings: Rp3betaSettings, execution: Execution = SEQUENTIAL) -> ItemWeights:
    """Weigh the walks from each item by way of a user to another item.

    The weight of the user's item i for the scored item j is the sum, over the users u of both, of
    (1 / n_i)**alpha * (1 / n_u)**alpha / n_j**beta, where n_i users have i, n_j have j, and u has n_u items. In each
    row the items of the largest weights are kept. The first step, from the user, is the same for all of the user's
    items, and changes no order.

    Parameters
    ----------
    train
        Shape (n_users, n_items); entries above 0 count, each as 1.
    settings
        The powers alpha and beta, and the number of items that are kept in a row, of equal weights the lower items.
    execution
        How it is computed. Progress counts items.

    Notes
    -----
    Paudel, Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for
    interactive applications", ACM TiiS 7 (2016), in the form of Ferrari Dacrema, Cremonesi and Jannach, "Are we really
    making much progress?", RecSys 2019, whose weights are not normalised afterwards.
    """
    pairs = Pairs.of(train)
    of_users, of_items = (np.maximum(1, counts) for counts in (pairs.items_of_users, pairs.users_of_items))
    walks = Similarity(
        powers(of_users, -settings.alpha), powers(of_items, settings.alpha), powers(of_items, settings.beta)
    )
    weights = most_similar(pairs, walks, settings.neighbours, execution)
    quantise(weights.data, train.shape[1])
    weights.eliminate_zeros()
    return ItemWeights.sparse(weights)
