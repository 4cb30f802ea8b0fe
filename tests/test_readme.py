"""The README says what is true: its table of parameters is that of the code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recommender.settings.base import Settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml

ROOT = Path(__file__).parents[1]


def rows(model: type[Settings], defaults: Any, prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        nested = field.annotation
        if isinstance(nested, type) and issubclass(nested, Settings):
            yield from rows(nested, defaults[name], f"{prefix}{name}.")
        else:
            default = "null" if defaults[name] is None else str(defaults[name]).replace("True", "true")
            meaning = " ".join((field.description or "").replace("``", "`").split()).replace("|", "\\|")
            yield f"| `{prefix}{name}` | `{default.replace('False', 'false')}` | {meaning} |"


def table() -> str:
    return "\n".join(["| key | default | meaning |", "|---|---|---|", *rows(Params, read_yaml(ROOT / "params.yaml"))])


def test_the_table_of_parameters_is_that_of_the_code() -> None:
    assert table() in (ROOT / "README.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    print(table())
