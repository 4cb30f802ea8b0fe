"""An epoch of training, as every trainer reports it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Model = TypeVar("Model", covariant=True)


@dataclass(frozen=True)
class Epoch(Generic[Model]):
    """A finished epoch.

    Attributes
    ----------
    number
        Counted from 1.
    model
        Gives the model so far, which must not be changed; call it before the next epoch begins.
    examples
        The number of interactions in the epoch.
    seconds
        The time that the epoch took.
    violations
        The number of examples for which a negative violated the ranking; None: the trainer does not count them.
    """

    number: int
    model: Callable[[], Model]
    examples: int
    seconds: float
    violations: int | None = None

    @property
    def figures(self) -> dict[str, str]:
        """The epoch in figures for people, by name: examples per second and, if known, the share of violations."""
        told = {"examples/s": f"{self.examples / max(self.seconds, 1e-9):,.0f}"}
        if self.violations is not None:
            told["violations"] = f"{self.violations / self.examples:.0%}"
        return told
