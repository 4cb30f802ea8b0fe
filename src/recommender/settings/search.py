"""`search`: the search for the best settings of each family of models."""

from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from recommender.settings.base import ListLength, Seed, Settings, WrongInsideError, not_a_setting, takes
from recommender.settings.families import SETTINGS
from recommender.settings.train import Family
from recommender.text import shown

MOST = 1_000_000_000
"""The largest number of a range; its negative is the smallest."""
NOT_SEARCHED = ("family", "settings")
"""Settings that say what to do with a search."""


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:  # nan is not, either
        raise ValueError(f"it must be a number from {-MOST} to {MOST}")
    return value


Number = Annotated[int | float, BeforeValidator(_number)]
"""A number, whole if it is written so."""


class Dimension(Settings):
    """What a search tries for one setting: numbers from `low` to `high`, whole ones if both ends are, or `values`."""

    low: Number | None = None
    """The lowest number."""
    high: Number | None = None
    """The highest."""
    log: bool = False
    """True: each doubling is as likely as the next, and not each step."""
    values: Annotated[list[Any], Field(min_length=1, max_length=100)] | None = None
    """Values, each as likely as the others; one alone is taken by every trial."""

    @model_validator(mode="after")
    def _is_a_range_or_values(self) -> Self:
        is_range = self.values is None and self.low is not None and self.high is not None
        is_list = self.values is not None and self.low is None and self.high is None and not self.log
        if not (is_range or is_list):
            raise ValueError("it takes low and high, with log: true by orders of magnitude, or values")
        if self.low is not None and self.high is not None:
            if not self.low < self.high:
                raise ValueError(f"low must be less than high, and they are {self.low} and {self.high}")
            if self.log and self.low <= 0:
                raise ValueError(f"low must be above 0 where log is true, and is {self.low}")
        return self

    @property
    def ends(self) -> list[Any]:
        """Both ends, or all values."""
        return [self.low, self.high] if self.values is None else self.values

    @property
    def is_whole(self) -> bool:
        """True for a range of whole numbers."""
        return isinstance(self.low, int) and isinstance(self.high, int)


Dimensions = dict[str, Dimension]


class Space(Settings):
    """The settings that a search tries, for each family; what is not named keeps its present value."""

    lightfm: Dimensions
    """For LightFM: settings of `train`."""
    history: Dimensions
    """For history WARP: settings of `peers.history`, and so on."""
    ease: Dimensions
    """For EASE."""
    ials: Dimensions
    """For implicit ALS."""
    item_knn: Dimensions
    """For item-based nearest neighbours."""
    rp3beta: Dimensions
    """For RP3beta."""

    @field_validator("*")
    @classmethod
    def _is_of_settings_that_there_are(cls, dimensions: Dimensions, info: ValidationInfo) -> Dimensions:
        _check(str(info.field_name), dimensions)
        return dimensions


def _check(family: str, dimensions: Dimensions) -> None:
    fields = {name: field for name, field in SETTINGS[family].model_fields.items() if name not in NOT_SEARCHED}
    for name, dimension in dimensions.items():
        if name not in fields:
            raise WrongInsideError([name], not_a_setting(list(fields)))
        if name == "epochs" and not dimension.is_whole:
            raise WrongInsideError([name], "must be a range of whole numbers: low and high, the most that a trial gets")
        takes_it: TypeAdapter[Any] = TypeAdapter(Annotated[fields[name].annotation, fields[name]])  # type: ignore[arg-type]
        for key, value in _named_ends(dimension).items():
            try:
                takes_it.validate_python(value, strict=True)
            except ValidationError as error:
                raise WrongInsideError([name, key], f"is {shown(value)}: {takes(error.errors()[0])}") from None


def _named_ends(dimension: Dimension) -> dict[str, Any]:
    if dimension.values is None:
        return {"low": dimension.low, "high": dimension.high}
    return {f"values.{number}": value for number, value in enumerate(dimension.values)}


class SearchSettings(Settings):
    """The search for the best settings of each family, on a part of the training data that it sets aside."""

    trials: Annotated[int, Field(ge=0, le=1_000_000)]
    """The number of settings tried for each family; the first are the present ones. 0: nothing is searched."""
    families: Annotated[list[Family], Field(min_length=1)]
    """The families whose settings are searched."""
    k: ListLength
    """The length of list at which trials are compared, by NDCG."""
    users: Annotated[int, Field(ge=1, lt=2**31)]
    """The number of users that a trial is measured on, at most; drawn at random."""
    halving: Annotated[int, Field(ge=2, le=1000)]
    """One in so many trials gets this many times the epochs, until the most are reached."""
    seed: Seed
    """The seed of the trials and of the users."""
    space: Space
    """What is tried."""

    @field_validator("families")
    @classmethod
    def _distinct(cls, families: list[Family]) -> list[Family]:
        if len(set(families)) < len(families):
            raise ValueError("it must name each family once")
        return families
