"""The settings that differ from the defaults."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from recommender.files.json_files import read_json
from recommender.reporting.shown import Table
from recommender.settings.base import Settings

DEFAULTS = Path(__file__).with_name("defaults.json")
"""What `params.yaml` has before anybody changes it."""


def differing(settings: Mapping[str, Settings]) -> Table:
    """List the settings that differ from the defaults.

    Parameters
    ----------
    settings
        The groups of `params.yaml` that can change a result, by name.
    """
    defaults = read_json(DEFAULTS)
    rows = []
    for group, given in settings.items():
        default = dict(leaves(type(given).parse(defaults[group], f"{DEFAULTS.name}: {group}").model_dump()))
        mine = dict(leaves(given.model_dump()))
        rows += [
            (f"{group}.{name}", shown(mine.get(name)), shown(default.get(name)))
            for name in dict.fromkeys([*mine, *default])
            if mine.get(name) != default.get(name)
        ]
    return Table("Settings that differ from the defaults", ["setting", "here", "default"], rows)


def leaves(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each setting with its full key, such as ``columns.users.user_id``."""
    for name, value in settings.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def shown(value: object) -> str:
    """Write a setting much as YAML does: a text without quotes, where that can be read."""
    return value if isinstance(value, str) and value and value.isprintable() else json.dumps(value, ensure_ascii=False)
