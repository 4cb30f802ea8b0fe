"""The base of all groups of settings: strict types, no unknown keys, bounds, one-line errors."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from recommender.errors import RecommenderError
from recommender.text import named, shown

WRONG_SHOWN = 10
"""The number of wrong keys that a message names."""

Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""The seed of a random generator."""

ColumnName = Annotated[str, Field(min_length=1, max_length=1000)]
"""The name of a column in a CSV file."""

ListLength = Annotated[int, Field(ge=1, le=1_000_000)]
"""The length of a list of programs; more than there are is as many as there are."""


class WrongInsideError(ValueError):
    """What is wrong inside of a value, for a validator that sees the whole of it.

    Parameters
    ----------
    path
        The keys that lead to what is wrong.
    line
        What the message says after the key.
    """

    def __init__(self, path: Sequence[str], line: str) -> None:
        super().__init__(line)
        self.path = path


class Settings(BaseModel):
    """One group of `params.yaml`: immutable, strictly typed, closed against unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    @classmethod
    def parse(cls, values: object, where: str) -> Self:
        """Check `values` and make settings of them.

        Parameters
        ----------
        values
            The group's content, as the YAML parser gave it.
        where
            The group's name in messages, for example ``params.yaml: train``.

        Raises
        ------
        RecommenderError
            One line for each wrong value, at most ten: the key, what it got and what it takes.
        """
        if not isinstance(values, Mapping):
            raise RecommenderError(f"{where} is {shown(values)}; it takes the keys {', '.join(cls.model_fields)}")
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            details = error.errors(include_url=False)
            lines = [_line(cls, found, where) for found in details[:WRONG_SHOWN]]
            if len(details) > WRONG_SHOWN:
                lines.append(f"{where}: {len(details) - WRONG_SHOWN:,} more keys or values are wrong")
            raise RecommenderError("\n".join(lines)) from None


def _line(settings: type[BaseModel], details: ErrorDetails, where: str) -> str:
    error = details.get("ctx", {}).get("error")
    inside = error.path if isinstance(error, WrongInsideError) else ()
    path = [named(part) for part in (*details["loc"], *inside)]
    key = where + "".join(f".{part}" for part in path)
    if isinstance(error, WrongInsideError):
        return f"{key} {error}"
    if not path:
        return f"{key}: {takes(details)}"
    if details["type"] in ("extra_forbidden", "invalid_key"):
        return f"{key} {not_a_setting(_keys(settings, details['loc'][:-1]))}"
    if details["type"] == "missing":
        return f"{key} is missing; docs/parameters.md says what it means and its default"
    if details["type"] == "model_type":
        return f"{key} is {shown(details['input'])}; it takes the keys {', '.join(_keys(settings, details['loc']))}"
    return f"{key} is {shown(details['input'])}: {takes(details)}"


def not_a_setting(known: Sequence[str]) -> str:
    """Say of a key that there is no such setting, and which there are."""
    return f"is not a setting; the settings here are {', '.join(known)}"


def takes(details: ErrorDetails) -> str:
    """Say what a setting takes that got something else."""
    if details["type"] == "dict_type":
        return "it takes keys with values; {} for none"
    message = details["msg"].removeprefix("Value error, ")
    return re.sub(r"^(Input|List|String|Data) should", "it must", message)


def _keys(settings: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    current: Any = settings
    for part in path:
        # In a mapping, every key is of the same kind.
        is_mapping = get_origin(current) is dict
        current = get_args(current)[1] if is_mapping else current.model_fields[part].annotation
    return list(current.model_fields)
