"""docs/parameters.md says what is true: its table is that of the code."""

import json
from collections.abc import Iterator
from typing import Any

from projects import CHECKOUT

from recommender.files.json_files import read_json, write_json
from recommender.reporting.differing import DEFAULTS
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
            meaning = " ".join((field.description or "").replace("``", "`").split()).replace("|", "\\|")
            yield f"| `{prefix}{name}` | `{shown(defaults[name])}` | {meaning} |"


def shown(value: Any) -> str:
    """A value as YAML has it; what a search tries for some settings in words, since there it takes many lines."""
    match value:
        case None | bool():
            return json.dumps(value)
        case {"values": [*values]}:
            return " or ".join(map(shown, values))
        case {"low": low, "high": high}:
            return f"{low} to {high}" + (", log" if value.get("log") else "")
        case dict():
            return "; ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
        case list():
            return f"[{', '.join(map(shown, value))}]"
        case _:
            return str(value)


def table() -> str:
    defaults = read_yaml(CHECKOUT / "params.yaml")
    return "\n".join(["| key | default | meaning |", "|---|---|---|", *rows(Params, defaults), ""])


def test_the_table_of_parameters_is_that_of_the_code() -> None:
    _, _, shown = PAGE.read_text(encoding="utf-8").partition("\n\n| ")
    assert f"| {shown}" == table(), f"PYTHONPATH=tests python {__file__} writes the table anew"


def test_the_defaults_that_the_page_compares_with_are_those_of_the_project() -> None:
    assert read_json(DEFAULTS) == read_yaml(CHECKOUT / "params.yaml"), f"{__file__} writes them anew"


if __name__ == "__main__":
    write_json(DEFAULTS, read_yaml(CHECKOUT / "params.yaml"))
    text, _, _ = PAGE.read_text(encoding="utf-8").partition("| key ")
    PAGE.write_text(text + table(), encoding="utf-8")
