"""Training with the trainer that the settings name."""

from collections.abc import Iterator

from lightfm import LightFM

from recommender.epoch import Epoch
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training import core, reference
from recommender.training.averaged import OfLightFM, averaged
from recommender.training.examples import Examples

MANY = 1_000_000
"""The number of interactions from which waiting for LightFM earns a hint at the faster trainer."""


def fit(examples: Examples, settings: OfLightFM, num_threads: int = 1) -> Iterator[Epoch[LightFM]]:
    """Train a new model, epoch by epoch: with the compiled core if it is chosen and can, otherwise with LightFM's fit.

    From several seeds there are as many models, trained in step, and what is given is one that averages their scores.

    Parameters
    ----------
    examples
        The interactions and features.
    settings
        The trainer and LightFM's arguments, or the settings of history WARP, which the core trains.
    num_threads
        How many threads the core uses; it cannot change the result. LightFM's own fit uses one.

    Yields
    ------
    Epoch
        Each epoch, as soon as it is trained.

    Raises
    ------
    RecommenderError
        The examples or the settings are not what the trainer can train, or training diverged.
    """
    return averaged(lambda one: _fit(examples, one, num_threads), settings)


def _fit(examples: Examples, settings: OfLightFM, num_threads: int) -> Iterator[Epoch[LightFM]]:
    if isinstance(settings, HistorySettings) or needs_lightfm(examples, settings) is None:
        return core.epochs(examples.interactions, settings, num_threads)
    return reference.epochs(examples, settings)


def needs_lightfm(examples: Examples, settings: TrainSettings) -> str | None:
    """Give the reason why LightFM's own fit is used; None: it is not."""
    if settings.trainer == "lightfm":
        return "train.trainer is 'lightfm'"
    return core.supports(settings, examples.user_features, examples.item_features)


def advice(examples: Examples, settings: OfLightFM, threads_asked_for: int) -> str | None:
    """Give a line about the choice of the trainer, for whoever waits for it; None: there is nothing to say."""
    if isinstance(settings, HistorySettings):
        return None
    reason = needs_lightfm(examples, settings)
    if reason is None:
        return None
    if settings.trainer == "core":
        return f"trained by LightFM's own fit on one thread, since {reason}"
    if threads_asked_for > 1 or examples.interactions.nnz >= MANY:
        return (
            "training uses one thread: on more, LightFM gives another model each time; "
            "train.trainer 'core' gives the same one on any number, and is faster"
        )
    return None
