"""What all groups of settings share: strict types, no unknown key, errors of one line."""

import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from recommender.errors import RecommenderError


class Settings(BaseModel):
    """One group of `params.yaml`: immutable, strictly typed, closed against unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    @classmethod
    def parse(cls, values: object, where: str) -> Self:
        """Check `values` and make settings of them.

        Parameters
        ----------
        values
            What the YAML parser gave for this group.
        where
            What to call the group in a message, for example ``params.yaml: train``.

        Raises
        ------
        RecommenderError
            One line for each wrong value: the key, what it got and what it takes.
        """
        if not isinstance(values, Mapping):
            raise RecommenderError(f"{where} is {values!r}; it takes the keys {', '.join(cls.model_fields)}")
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            lines = [_line(cls, details, where) for details in error.errors()]
            raise RecommenderError("\n".join(lines)) from None


def _line(settings: type[BaseModel], details: ErrorDetails, where: str) -> str:
    path = [str(part) for part in details["loc"]]
    key = where + "".join(f".{part}" for part in path)
    if not path:
        return f"{key}: {_takes(details)}"
    if details["type"] == "extra_forbidden":
        known = _keys(settings, details["loc"][:-1])
        return f"{key} is not a setting; the settings here are {', '.join(known)}"
    if details["type"] == "missing":
        return f"{key} is missing; see the README for what it means and its default"
    return f"{key} is {details['input']!r}: {_takes(details)}"


def _takes(details: ErrorDetails) -> str:
    message = details["msg"].removeprefix("Value error, ")
    return re.sub(r"^(Input|List|String) should", "it must", message)


def _keys(settings: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    current: Any = settings
    for part in path:
        current = current.model_fields[part].annotation if hasattr(current, "model_fields") else None
    return list(getattr(current, "model_fields", {}))
