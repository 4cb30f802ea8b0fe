"""The family that ships, and the settings of each: as `params.yaml` gives them, or as the search found them."""

from collections.abc import Mapping
from typing import Any

from recommender.errors import RecommenderError
from recommender.settings.base import Settings
from recommender.settings.families import SETTINGS
from recommender.settings.peers import PeersSettings
from recommender.settings.train import Family, TrainSettings


def chosen_family(train: TrainSettings, best: Mapping[str, Any]) -> Family:
    """Name the family that ships.

    Parameters
    ----------
    train
        The settings, which name it or leave it to the search.
    best
        The content of `search/best.json`.

    Raises
    ------
    RecommenderError
        It is left to the search, and nothing has been searched.
    """
    if train.family != "searched":
        return train.family
    family: Family = _found(best, "train.family")["family"]
    return family


def chosen_settings(
    family: Family, how: str, train: TrainSettings, peers: PeersSettings, best: Mapping[str, Any]
) -> Settings:
    """Give the settings of a family.

    Parameters
    ----------
    family
        The family.
    how
        ``given`` or ``searched``: the value of `train.settings`.
    train, peers
        The settings in `params.yaml`. What was not searched is taken from there, too.
    best
        The content of `search/best.json`.

    Raises
    ------
    RecommenderError
        They are to be the searched ones, and nothing has been searched.
    """
    settings = given(family, train, peers)
    if how == "given":
        return settings
    found = _found(best, "train.settings")["families"].get(family)
    return settings if found is None else SETTINGS[family].parse(settings.model_dump() | found["settings"], "best.json")


def given(family: Family, train: TrainSettings, peers: PeersSettings) -> Settings:
    """Give the settings of a family as `params.yaml` has them."""
    settings: Settings = train if family == "lightfm" else getattr(peers, family)
    return settings


def _found(best: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    if not best:
        raise RecommenderError(
            f"{key} is 'searched', and nothing has been searched; set search.trials, to 64 say, or {key} to "
            + ("a family" if key == "train.family" else "'given'")
        )
    return best
