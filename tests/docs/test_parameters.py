"""docs/parameters.md says what is true: its table is that of the code."""

from collections.abc import Iterator
from typing import Any

from projects import CHECKOUT

from recommender.settings.base import Settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml

PAGE = CHECKOUT / "docs/parameters.md"


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
    defaults = read_yaml(CHECKOUT / "params.yaml")
    return "\n".join(["| key | default | meaning |", "|---|---|---|", *rows(Params, defaults), ""])


def test_the_table_of_parameters_is_that_of_the_code() -> None:
    _, _, shown = PAGE.read_text(encoding="utf-8").partition("\n\n| ")
    assert f"| {shown}" == table(), f"PYTHONPATH=tests python {__file__} writes the table anew"


if __name__ == "__main__":
    text, _, _ = PAGE.read_text(encoding="utf-8").partition("| key ")
    PAGE.write_text(text + table(), encoding="utf-8")
