"""The plan of a family's search: its trials, and how many of them get how many epochs."""

from dataclasses import dataclass
from typing import Self

from recommender.families.fit_family import count_epochs
from recommender.search.trials import Trial, draw_trials
from recommender.settings.base import Settings
from recommender.settings.search import Dimensions
from recommender.settings.train import Family


@dataclass(frozen=True)
class Plan:
    """Many trials for a few epochs, the best of them for more: successive halving.

    After Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS
    2016.

    Attributes
    ----------
    family
        The family.
    trials
        All trials. The first, the present settings, is trained for all of its epochs in any case.
    budgets
        The numbers of epochs after which the others are sorted out, ascending.
    halving
        One in so many goes on to the next of the budgets.
    """

    family: Family
    trials: list[Trial]
    budgets: list[int]
    halving: int

    @classmethod
    def make(
        cls, family: Family, given: Settings, dimensions: Dimensions, n_trials: int, halving: int, seed: int
    ) -> Self:
        """Draw the trials, and divide the epochs from the space's least to its most."""
        trials = draw_trials(given, dimensions, n_trials, seed)
        budgets = [count_epochs(trials[-1].settings)]
        if "epochs" in dimensions:
            least, _ = dimensions["epochs"].ends
            while budgets[0] // halving >= least:
                budgets.insert(0, budgets[0] // halving)
        return cls(family, trials, budgets, halving)

    def survivors(self, n_trials: int) -> int:
        """Count how many of some trials go on."""
        return -(-n_trials // self.halving)

    @property
    def n_trainings(self) -> int:
        """The number of trainings in all."""
        total, others = 1, len(self.trials) - 1
        for _ in self.budgets:
            total += others
            others = self.survivors(others)
        return total
