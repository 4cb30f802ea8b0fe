"""`search`: the search for the best settings of each family of models."""

from typing import Annotated, Any, Self

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator, model_validator

from recommender.settings.base import ListLength, Seed, Settings
from recommender.settings.families import SETTINGS
from recommender.settings.train import Family

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1_000_000_000, le=1_000_000_000)]


class Dimension(Settings):
    """What a search tries for one setting: numbers from `low` to `high`, whole ones if both ends are, or `values`."""

    low: int | Number | None = None
    """The lowest number."""
    high: int | Number | None = None
    """The highest."""
    log: bool = False
    """True: each doubling is as likely as the next, and not each step."""
    values: Annotated[list[Any], Field(min_length=1, max_length=100)] | None = None
    """Values, each as likely as the others; one alone is taken by every trial."""

    @model_validator(mode="after")
    def _is_a_range_or_values(self) -> Self:
        if (self.low is None) != (self.high is None) or (self.low is None) == (self.values is None):
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
    fields = SETTINGS[family].model_fields
    for name, dimension in dimensions.items():
        if name not in fields or name in ("family", "settings"):
            takes = ", ".join(field for field in fields if field not in ("family", "settings"))
            raise ValueError(f"there is no setting {name!r} to search; there are {takes}")
        if name == "epochs" and not dimension.is_whole:
            raise ValueError("epochs must be a range of whole numbers: the least and the most of a trial")
        takes_it: TypeAdapter[Any] = TypeAdapter(Annotated[fields[name].annotation, fields[name]])  # type: ignore[arg-type]
        for end in dimension.ends:
            try:
                takes_it.validate_python(end, strict=True)
            except ValueError:
                raise ValueError(f"{name} cannot be {end!r}") from None


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
