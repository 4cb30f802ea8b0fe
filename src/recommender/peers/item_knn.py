"""Item-based nearest neighbours: items similar to those that the user has."""

import numpy as np
import scipy.sparse as sp

from recommender.execution import SEQUENTIAL, Execution
from recommender.files.item_weights import ItemWeights, quantise
from recommender.peers.pairs import Pairs
from recommender.peers.similar import Similarity, most_similar
from recommender.settings.peers import ItemKnnSettings


def item_knn(train: sp.csr_matrix, settings: ItemKnnSettings, execution: Execution = SEQUENTIAL) -> ItemWeights:
    """Find the neighbours of each item by the shrunk cosine of their users.

    The similarity of items i and j is c / (sqrt(n_i) * sqrt(n_j) + shrinkage), where c users have both, n_i have i and
    n_j have j. The weight of an item that the user has for an item that is scored is their similarity if one is among
    the neighbours of the other: with the side "history" the scored item among those of the user's item, with
    "candidate" the user's item among those of the scored one, so that each item has the same chance of a score.

    Parameters
    ----------
    train
        Shape (n_users, n_items); entries above 0 count, each as 1.
    settings
        The number of neighbours, the shrinkage and the side. Of equally similar neighbours, the lower items are kept.
        Items without a common user are not neighbours.
    execution
        How it is computed. Progress counts items.

    Notes
    -----
    Deshpande and Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22 (2004), with binary data and
    without normalising the neighbours' similarities; the shrinkage is that of Bell and Koren, "Scalable collaborative
    filtering with jointly derived neighborhood interpolation weights", ICDM 2007, as Ferrari Dacrema et al. (2019) have
    it for cosines.
    """
    pairs = Pairs.of(train)
    lengths = np.sqrt(np.maximum(1, pairs.users_of_items).astype(np.float64))
    cosine = Similarity(np.ones(train.shape[0]), lengths, lengths, settings.shrinkage)
    similar = most_similar(pairs, cosine, settings.neighbours, execution)
    if settings.side == "candidate":
        similar = similar.T.tocsr()
    quantise(similar.data, train.shape[1])
    similar.eliminate_zeros()
    return ItemWeights.sparse(similar)
