"""The family that ships, and the settings of each: as `params.yaml` gives them, or as the search found them."""

from collections.abc import Mapping
from typing import Any, TypeVar

from recommender.errors import RecommenderError
from recommender.settings.base import Settings
from recommender.settings.peers import PeersSettings
from recommender.settings.train import Family, TrainSettings

AnySettings = TypeVar("AnySettings", bound=Settings)


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
    _require_search(best, "train.family")
    family: Family = best["family"]
    return family


def chosen_settings(family: Family, given: AnySettings, how: str, best: Mapping[str, Any]) -> AnySettings:
    """Give the settings that a family is trained with.

    Parameters
    ----------
    family
        The family.
    given
        Its settings in `params.yaml`; what has not been searched is taken from there in any case.
    how
        ``given`` or ``searched``: the value of `train.settings`.
    best
        The content of `search/best.json`.

    Raises
    ------
    RecommenderError
        They are to be the searched ones, and nothing has been searched.
    """
    if how == "given":
        return given
    _require_search(best, "train.settings")
    found = best["families"].get(family, {"settings": {}})["settings"]
    return type(given).parse(given.model_dump() | found, f"search/best.json: {family}")


def given_settings(family: Family, train: TrainSettings, peers: PeersSettings) -> Settings:
    """Give the settings of a family as `params.yaml` has them."""
    settings: Settings = train if family == "lightfm" else getattr(peers, family)
    return settings


def _require_search(best: Mapping[str, Any], key: str) -> None:
    if not best:
        raise RecommenderError(
            f"{key} is 'searched', and nothing has been searched; set search.trials, to 64 say, or change {key}"
        )
