"""The settings that both trainers are compared with: those of ``params.yaml``."""

from pathlib import Path

from recommender.settings.params_file import read_yaml
from recommender.settings.train import TrainSettings

PARAMS = Path(__file__).parents[2] / "params.yaml"


def settings(**changed: object) -> TrainSettings:
    """Give the settings of ``params.yaml``, but for what is changed."""
    return TrainSettings.model_validate(read_yaml(PARAMS)["train"] | changed)
