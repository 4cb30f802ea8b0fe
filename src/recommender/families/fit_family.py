"""Training of a model of any family."""

import time
from collections.abc import Iterator
from dataclasses import replace

import scipy.sparse as sp
from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.execution import SEQUENTIAL, Execution
from recommender.files.item_weights import ItemWeights
from recommender.files.models import Model
from recommender.peers.ease import ease
from recommender.peers.ials import ials_epochs
from recommender.peers.item_knn import item_knn
from recommender.peers.rp3beta import rp3beta
from recommender.settings.base import Settings
from recommender.settings.peers import EaseSettings, HistorySettings, IalsSettings, ItemKnnSettings, Rp3betaSettings
from recommender.settings.train import TrainSettings
from recommender.training.averaged import OfLightFM
from recommender.training.examples import Examples
from recommender.training.fit import fit
from recommender.training.representations import factors_of


def fit_family(examples: Examples, settings: Settings, execution: Execution = SEQUENTIAL) -> Iterator[Epoch[Model]]:
    """Train a new model of the family that the settings are of, epoch by epoch.

    Parameters
    ----------
    examples
        The interactions and features; LightFM alone uses the features.
    settings
        The settings of a family.
    execution
        How it is computed. Progress counts what `count_steps` says.

    Yields
    ------
    Epoch
        Each epoch, as soon as it is trained; a family without epochs gives one.

    Raises
    ------
    RecommenderError
        The examples or the settings are not what the family can be trained on, or training diverged.
    """
    match settings:
        case TrainSettings():
            epochs = _factors(examples, settings, execution)
        case HistorySettings():
            epochs = _factors(Examples(examples.interactions), settings, execution)
        case IalsSettings():
            epochs = ials_epochs(sp.csr_matrix(examples.interactions), settings, execution.num_threads)
        case _:
            yield _in_one_epoch(examples, settings, execution)
            return
    for epoch in epochs:
        execution.advance(**epoch.figures)
        yield epoch


def count_epochs(settings: Settings) -> int:
    """Count the epochs that a training with these settings takes."""
    epochs: int = getattr(settings, "epochs", 1)
    return epochs


def count_steps(settings: Settings, n_items: int) -> tuple[str, int]:
    """Say what the progress of a training with these settings counts, and how many there are.

    They are epochs, or the programs that a family without epochs solves for.
    """
    if hasattr(settings, "epochs"):
        return "epochs", count_epochs(settings)
    return "programs", min(n_items, getattr(settings, "most_items", n_items))


def _factors(examples: Examples, settings: OfLightFM, execution: Execution) -> Iterator[Epoch[Model]]:
    def with_factors(epoch: Epoch[LightFM]) -> Epoch[Model]:
        return replace(epoch, model=lambda: factors_of(epoch.model(), examples))

    return map(with_factors, fit(examples, settings, execution.num_threads))


def _in_one_epoch(examples: Examples, settings: Settings, execution: Execution) -> Epoch[Model]:
    start = time.perf_counter()
    model = _item_weights(sp.csr_matrix(examples.interactions), settings, execution)
    return Epoch(1, lambda: model, examples.interactions.nnz, time.perf_counter() - start)


def _item_weights(train: sp.csr_matrix, settings: Settings, execution: Execution) -> ItemWeights:
    match settings:
        case EaseSettings():
            return ease(train, settings, execution)
        case ItemKnnSettings():
            return item_knn(train, settings, execution)
        case Rp3betaSettings():
            return rp3beta(train, settings, execution)
        case _:
            raise TypeError(f"{type(settings).__name__} are not the settings of a family")
