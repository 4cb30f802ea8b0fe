"""The plan of a family's search: its trials, and how many of them get how many epochs."""

from dataclasses import dataclass
from typing import Self

from recommender.families.fit_family import count_epochs
from recommender.search.trials import Trial, draw_trials, to_three_digits
from recommender.settings.base import Settings
from recommender.settings.search import Dimensions, SearchSettings
from recommender.settings.train import Family

FINALISTS = 5
"""The number of trials that get the most epochs, at least."""


@dataclass(frozen=True)
class Plan:
    """Many trials for a few epochs, the best of them for more: successive halving.

    After Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS
    2016. With few epochs a trial takes larger steps than with many; else a low learning rate, which needs many, would
    be sorted out before it can show what it is good for.

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
    def make(cls, family: Family, given: Settings, search: SearchSettings) -> Self:
        """Draw the trials, and divide the epochs from the space's least to its most.

        Parameters
        ----------
        family, given
            The family, and its present settings.
        search
            The settings of the search.
        """
        dimensions: Dimensions = getattr(search.space, family)
        trials = draw_trials(given, dimensions, search.trials, search.seed)
        budgets = [count_epochs(trials[-1].settings)]
        if "epochs" in dimensions:
            least, _ = dimensions["epochs"].ends
            while budgets[0] // search.halving >= least:
                budgets.insert(0, budgets[0] // search.halving)
        return cls(family, trials, budgets, search.halving)

    def settings(self, trial: Trial, budget: int) -> Settings:
        """Give the settings that a trial is trained with for so many epochs.

        With Adagrad, the way that n steps can go in all grows with the square root of n.
        """
        most = count_epochs(trial.settings)
        if budget == most:
            return trial.settings
        changed: dict[str, float] = {"epochs": budget}
        rate = getattr(trial.settings, "learning_rate", None)
        if rate:
            changed["learning_rate"] = to_three_digits(rate * (most / budget) ** 0.5)
        return trial.settings.model_copy(update=changed)

    def survivors(self, n_trials: int) -> int:
        """Count how many of some trials go on."""
        return max(-(-n_trials // self.halving), min(n_trials, FINALISTS))

    def count_trainings(self, n_splits: int) -> int:
        """Count the trainings in all; those that come to the end are trained on each of the splits."""
        total, others = 0, len(self.trials) - 1
        for budget in self.budgets:
            total += others
            others = self.survivors(others) if budget < self.budgets[-1] else min(others, FINALISTS)
        return total + (n_splits - 1) * others + n_splits
