"""Gini index of exposure."""

import numpy as np

from recommender.metrics.recommended import Recommended


def gini(recommended: Recommended) -> float:
    """Measure how unequally items are recommended: 0 if all alike, (n - 1) / n if one of n items gets everything.

    G = sum over items i, by ascending exposure x, of (2 i - n - 1) x_i / (n sum x). Items in no list count, with 0.

    Fleder and Hosanagar, "Blockbuster culture's next rise or fall: the impact of recommender systems on sales
    diversity", Management Science 55 (2009).
    """
    exposure = np.sort(recommended.exposure)
    n_items = len(exposure)
    weights = 2 * np.arange(1, n_items + 1) - n_items - 1
    return float((weights * exposure).sum() / (n_items * exposure.sum()))
