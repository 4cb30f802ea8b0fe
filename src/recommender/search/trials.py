"""The trials of a search: which settings are tried, and in which order."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from scipy.stats import qmc

from recommender.settings.base import Settings
from recommender.settings.search import Dimension, Dimensions


@dataclass(frozen=True)
class Trial:
    """Settings to try.

    Attributes
    ----------
    number
        Its place in the search, from 0; the present settings come first.
    settings
        The settings, with the most epochs that the trial can get.
    places
        Where in its dimension each setting that is searched lies, from 0 to 1; empty for the present settings.
    """

    number: int
    settings: Settings
    places: dict[str, float]


def draw_trials(given: Settings, dimensions: Dimensions, n_trials: int, seed: int) -> list[Trial]:
    """Draw settings from a space, spread more evenly than at random.

    Parameters
    ----------
    given
        The present settings: the first trial, and what the others take for what is not in the space.
    dimensions
        The space. Of `epochs`, all trials have the most.
    n_trials
        The number of trials, at least 1. Fewer of them are the first ones of more.
    seed
        The seed of the draws.

    Returns
    -------
    list of Trial
        No settings twice, and none that exclude each other: where there is nothing else to draw, there are fewer.

    Notes
    -----
    Sobol's sequence, scrambled as by Owen, "Scrambling Sobol' and Niederreiter-Xing points", Journal of Complexity 14
    (1998).
    """
    fixed = {name: dimension.ends[-1] for name, dimension in dimensions.items() if _is_fixed(name, dimension)}
    drawn = [name for name in dimensions if name not in fixed]
    trials = [Trial(0, given, {})]
    tried = {given}
    for number, point in enumerate(_points(len(drawn), n_trials - 1, seed), start=1):
        places = dict(zip(drawn, point, strict=True))
        values = fixed | {name: value_at(dimensions[name], place) for name, place in places.items()}
        try:
            settings = type(given).model_validate(given.model_dump() | values)
        except ValidationError:  # each may be what it is, and not all together
            continue
        if settings not in tried:
            tried.add(settings)
            trials.append(Trial(number, settings, places))
    return trials


def _is_fixed(name: str, dimension: Dimension) -> bool:
    return name == "epochs" or len(dimension.ends) == 1


def value_at(dimension: Dimension, place: float) -> Any:
    """Give what is at a place of a dimension, from 0 to 1; numbers have three significant digits."""
    if dimension.values is not None:
        return dimension.values[min(int(place * len(dimension.values)), len(dimension.values) - 1)]
    low, high = dimension.ends
    if dimension.log:
        number = math.exp(math.log(low) * (1 - place) + math.log(high) * place)
    else:
        number = low * (1 - place) + high * place
    number = min(max(to_three_digits(number), low), high)
    return round(number) if dimension.is_whole else float(number)


def to_three_digits(number: float) -> float:
    """Round to three significant digits: no rounding error of a logarithm reaches them, and people can read them."""
    return float(f"{number:.3g}")


def _points(n_dimensions: int, n: int, seed: int) -> list[list[float]]:
    if not n_dimensions:
        return [[]] * min(n, 1)
    with warnings.catch_warnings():  # only powers of two are balanced; other numbers still beat random points
        warnings.simplefilter("ignore", UserWarning)
        points: list[list[float]] = qmc.Sobol(n_dimensions, scramble=True, rng=seed).random(n).tolist()
    return points
