"""The settings of training as LightFM's arguments."""

from typing import Any

from recommender.settings.train import TrainSettings


def lightfm_arguments(settings: TrainSettings) -> dict[str, Any]:
    """Give the arguments of LightFM's constructor."""
    return settings.model_dump(exclude={"family", "settings", "seeds", "epochs", "trainer"})
