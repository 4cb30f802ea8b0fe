"""The scores of finished trainings, kept until the search is done, so that an interrupted one goes on from there."""

import hashlib
import json
from pathlib import Path

from recommender.files.json_files import read_json, write_json
from recommender.search.validation_task import Score
from recommender.settings.base import Settings
from recommender.settings.train import Family

Curve = dict[int, Score]
"""The scores of one training, by epoch."""


class Finished:
    """A folder with a small file for each finished training.

    Parameters
    ----------
    folder
        Where they are; it is made when there is something to keep.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, family: Family, settings: Settings, split: int) -> Curve | None:
        """Give the scores of a training on one of the splits, if it was finished before."""
        try:
            content = read_json(self._path(family, settings, split))
            curve = {int(epoch): Score(*map(float, score)) for epoch, score in content.items()}
        except (OSError, ValueError, TypeError):  # there is none, or somebody else wrote into it
            return None
        return curve or None

    def keep(self, family: Family, settings: Settings, split: int, curve: Curve) -> None:
        """Remember the scores of a training on one of the splits."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_json(self._path(family, settings, split), {str(epoch): list(score) for epoch, score in curve.items()})

    def _path(self, family: Family, settings: Settings, split: int) -> Path:
        decisive = settings.model_dump(exclude={"family", "settings"})  # not what is shipped
        named = json.dumps([family, decisive, split], sort_keys=True)
        return self._folder / f"{hashlib.sha256(named.encode()).hexdigest()}.json"
