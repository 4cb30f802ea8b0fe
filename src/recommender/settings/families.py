"""The settings of each family of models, by the family's name."""

from recommender.settings.base import Settings
from recommender.settings.peers import (
    EaseSettings,
    HistorySettings,
    IalsSettings,
    ItemKnnSettings,
    Rp3betaSettings,
)
from recommender.settings.train import TrainSettings

SETTINGS: dict[str, type[Settings]] = {
    "lightfm": TrainSettings,
    "history": HistorySettings,
    "ease": EaseSettings,
    "ials": IalsSettings,
    "item_knn": ItemKnnSettings,
    "rp3beta": Rp3betaSettings,
}
