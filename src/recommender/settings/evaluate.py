"""`evaluate`: metrics and their intervals."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from recommender.settings.base import ListLength, Seed, Settings


class EvaluateSettings(Settings):
    """Metrics and their intervals."""

    ks: Annotated[list[ListLength], Field(min_length=1, max_length=100)]
    """The lengths of list at which the metrics are taken; the first is the headline's."""
    more_metrics: Annotated[list[Literal["capped_recall"]], Field(max_length=100)]
    """Metrics of other protocols, at each k: `capped_recall`, which divides by k where there are more test items."""
    confidence: Annotated[float, Field(gt=0, lt=1)]
    """The level of the intervals."""
    bootstrap_samples: Annotated[int, Field(ge=100, le=1_000_000)]
    """The number of bootstrap samples of the users, for the intervals."""
    seed: Seed
    """The seed of the bootstrap and of the random baseline."""
    segments: Annotated[list[Annotated[int, Field(ge=0, lt=2**31)]], Field(max_length=100)]
    """Users are grouped by their training positives: at most the first of these, at most the second, ..., more."""

    @field_validator("ks", "more_metrics")
    @classmethod
    def _distinct(cls, named: list[Any], info: ValidationInfo) -> list[Any]:
        if len(set(named)) < len(named):
            raise ValueError(f"it must name each {'k' if info.field_name == 'ks' else 'metric'} once")
        return named

    @field_validator("segments")
    @classmethod
    def _ascending(cls, segments: list[int]) -> list[int]:
        if sorted(set(segments)) != segments:
            raise ValueError("it must be ascending")
        return segments
