"""An epoch of training, as every trainer tells of it."""

from collections.abc import Callable
from dataclasses import dataclass

from lightfm import LightFM


@dataclass(frozen=True)
class Epoch:
    """An epoch that has been trained.

    Attributes
    ----------
    number
        Counted from 1.
    model
        Gives the model so far, which must not be changed; only until the next epoch is asked for.
    examples
        How many interactions it went over.
    seconds
        How long that took.
    violations
        How many of the examples found a negative to learn from; None: the trainer does not know.
    """

    number: int
    model: Callable[[], LightFM]
    examples: int
    seconds: float
    violations: int | None = None

    @property
    def figures(self) -> dict[str, str]:
        """Describe the epoch for people, by name: examples per second and, if known, the share of violations."""
        told = {"examples/s": f"{self.examples / max(self.seconds, 1e-9):,.0f}"}
        if self.violations is not None:
            told["violations"] = f"{self.violations / self.examples:.0%}"
        return told
