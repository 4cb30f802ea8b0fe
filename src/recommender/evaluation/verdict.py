"""The verdict of an evaluation: which family is best on this data, and whether that is more than chance."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.bootstrap import Interval, bootstrap_means, interval
from recommender.evaluation.evaluate_models import Evaluation

SHIPPED, POPULARITY, RANDOM = "model", "popularity", "random"
"""The names under which the shipped family, and what is no family, are measured."""

Kind = Literal["no_signal", "popularity", "behind", "tied", "best"]


@dataclass(frozen=True, eq=False)
class Leads:
    """The paired leads of everything measured over everything else, in one metric and for many comparisons at once.

    Each question of the verdict compares one with at most all others, and each of these intervals is at the level that
    holds them all at once: Bonferroni's (Dunn, "Multiple Comparisons Among Means", 1961).

    Attributes
    ----------
    metric
        The metric.
    values
        Shape (n_users,) each: every user's value, by name, the model's first.
    means
        Shape (samples,) each: their means over the same bootstrapped users.
    confidence
        The level of each interval.
    """

    metric: str
    values: dict[str, NDArray[np.float64]]
    means: dict[str, NDArray[np.float64]]
    confidence: float

    @classmethod
    def make(cls, evaluation: Evaluation, metric: str, *, confidence: float, samples: int, seed: int) -> Self:
        """Bootstrap a metric.

        Parameters
        ----------
        evaluation
            What was measured, of two models at least.
        metric
            The metric.
        confidence
            The level at which all intervals are to hold at once.
        samples
            The number of bootstrap samples for one comparison. It is multiplied by their number, since a higher level
            lies further out, and as many samples must lie beyond it.
        seed
            The seed of the draws.
        """
        values = {name: found.per_user[metric] for name, found in evaluation.measured.items()}
        comparisons = len(values) - 1
        means = bootstrap_means(np.column_stack(list(values.values())), samples * comparisons, seed)
        return cls(metric, values, dict(zip(values, means.T, strict=True)), 1 - (1 - confidence) / comparisons)

    def mean(self, name: str) -> float:
        """Average over the users."""
        return float(self.values[name].mean())

    def interval(self, name: str, other: str) -> Interval:
        """Compute the lead of one over another."""
        return interval(self.values[name] - self.values[other], self.means[name] - self.means[other], self.confidence)

    def is_sure(self, name: str, other: str) -> bool:
        """Tell whether one leads another beyond chance.

        The interval must be above 0. A bootstrap of a few users cannot know how little they say, so a sign test of
        those users that the two rank differently well must be able to reach the level, too: even if all of n favour
        one, chance does so with probability 2**(1 - n).
        """
        n_different = int(np.count_nonzero(self.values[name] != self.values[other]))
        return self.interval(name, other).low > 0 and 2.0 ** (1 - n_different) <= 1 - self.confidence


@dataclass(frozen=True)
class Verdict:
    """What an evaluation says of the families.

    Attributes
    ----------
    kind
        ``no_signal``: nothing beats random orders. ``popularity``: no family beats popularity. ``behind``: the best
        family beats the shipped one. ``tied``: the shipped one is the best, or no worse, but nothing beats the next.
        ``best``: the shipped one beats the next. Each beyond chance.
    best
        What has the higher mean of the two that the kind compares, by its family's name.
    over
        The other one.
    lead
        The lead of `best` over it.
    confidence
        The level of its interval.
    """

    kind: Kind
    best: str
    over: str
    lead: Interval
    confidence: float


def verdict(leads: Leads, family: str) -> Verdict:
    """Decide which family is best on this data, and whether that is more than chance.

    Three questions are asked in turn, and one is asked only if the answer before was yes: does anything beat random
    orders, does any family beat popularity, does the best family beat the next or the shipped one? So the chance that
    any yes is wrong is at most that of one question (Westfall and Krishen, "Optimally weighted, fixed sequence and
    gatekeeper multiple testing procedures", 2001).

    Parameters
    ----------
    leads
        The leads of ``model``, other families by their names, ``popularity`` and ``random``.
    family
        The family that ships: the model's.
    """
    families = [name for name in leads.values if name not in (POPULARITY, RANDOM)]
    ranked = sorted(families, key=leads.mean, reverse=True)  # stable: of equal means, the model is first
    leading = ranked[0]

    def found(kind: Kind, best: str, over: str) -> Verdict:
        names = {SHIPPED: family}
        lead = leads.interval(best, over)
        return Verdict(kind, names.get(best, best), names.get(over, over), lead, leads.confidence)

    if not any(leads.is_sure(name, RANDOM) for name in (*families, POPULARITY)):
        return found("no_signal", max(leading, POPULARITY, key=leads.mean), RANDOM)
    if not any(leads.is_sure(name, POPULARITY) for name in families):
        first, second = sorted([leading, POPULARITY], key=leads.mean, reverse=True)
        return found("popularity", first, second)
    over = SHIPPED if leading != SHIPPED else ranked[1] if len(ranked) > 1 else POPULARITY
    if not leads.is_sure(leading, over):
        return found("tied", leading, over)
    return found("best" if leading == SHIPPED else "behind", leading, over)
