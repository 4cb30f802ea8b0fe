"""Models from several seeds as one, whose scores are the mean of theirs."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings

OfLightFM = TrainSettings | HistorySettings
"""The settings of what a LightFM model can hold."""

SEEDS = 2**32


def averaged(fit: Callable[[OfLightFM], Iterator[Epoch[LightFM]]], settings: OfLightFM) -> Iterator[Epoch[LightFM]]:
    """Train as many models as the settings say, epoch by epoch, and give each time the one that averages their scores.

    Parameters
    ----------
    fit
        Trains one model.
    settings
        `seeds` says how many there are; `random_state` is the first one's seed, and the next ones count up from it.
    """
    fits = [
        fit(settings.model_copy(update={"random_state": (settings.random_state + n) % SEEDS}))
        for n in range(settings.seeds)
    ]
    for epochs in zip(*fits, strict=True):
        yield epochs[0] if len(epochs) == 1 else _together(epochs)


def _together(epochs: Sequence[Epoch[LightFM]]) -> Epoch[LightFM]:
    violations = [epoch.violations for epoch in epochs]
    return Epoch(
        epochs[0].number,
        lambda: average([epoch.model() for epoch in epochs]),
        sum(epoch.examples for epoch in epochs),
        sum(epoch.seconds for epoch in epochs),
        None if None in violations else sum(filter(None, violations)),
    )


def average(models: Sequence[LightFM]) -> LightFM:
    """Make one model whose scores are the mean of the models' scores.

    Its embeddings are theirs, side by side, so it has as many components as they have together; the items' are divided
    by the number of models. What a fit would go on from, Adagrad's sums, is laid side by side, too.
    """
    first = models[0]
    model = LightFM(**first.get_params() | {"no_components": sum(each.no_components for each in models)})
    for side in ("user", "item"):
        for name in ("embeddings", "embedding_gradients", "embedding_momentum"):
            setattr(model, f"{side}_{name}", np.hstack([getattr(each, f"{side}_{name}") for each in models]))
        for name in ("biases", "bias_gradients", "bias_momentum"):
            arrays = [getattr(each, f"{side}_{name}") for each in models]
            setattr(model, f"{side}_{name}", np.mean(arrays, axis=0, dtype=np.float64).astype(np.float32))
    model.item_embeddings /= np.float32(len(models))
    return model
