"""The settings below `data` in `params.yaml`, with some of them changed."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from recommender.files.atomic import open_atomically
from recommender.settings.data import DataSettings
from recommender.settings.params_file import read_yaml

Changes = dict[tuple[str, ...], Any]
"""Values below `data`, by path."""


def data_settings(root: Path, changes: Changes) -> DataSettings:
    """Read the settings of the project in `root` as they are with some changes.

    Raises
    ------
    RecommenderError
        `params.yaml` cannot be read, or a value in it or among the changes is wrong.
    """
    data = read_yaml(root / "params.yaml").get("data")
    DataSettings.parse(data, "params.yaml: data")
    _apply(data, changes)
    return DataSettings.parse(data, "params.yaml: data")


def write_changes(root: Path, changes: Changes) -> None:
    """Write changes to `params.yaml`; its comments and the rest stay as they are."""
    path = root / "params.yaml"
    yaml = YAML()
    yaml.representer.add_representer(type(None), _written_null)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = yaml.load(path.read_text(encoding="utf-8"))
    _apply(content["data"], {path: _written(value) for path, value in changes.items()})
    with open_atomically(path) as stream:
        yaml.dump(content, stream)


def _written(value: Any) -> Any:
    # Line breaks of other alphabets are folded where they are not escaped, and only double quotes escape.
    return value if not isinstance(value, str) or value.isprintable() else DoubleQuotedScalarString(value)


def _written_null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _apply(data: Any, changes: Changes) -> None:
    for (*parents, key), value in changes.items():
        target = data
        for parent in parents:
            target = target[parent]
        # What is said already stays as it is written.
        if target.get(key, ...) != value:
            target[key] = value
