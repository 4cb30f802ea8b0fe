"""What a search found, as files have it."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from recommender.families.fit_family import count_epochs
from recommender.measuring.headline import DIGITS
from recommender.search.halving import Result, Results
from recommender.search.validation_task import Score
from recommender.settings.search import Dimensions
from recommender.settings.train import Family

GROUPS = 4
"""The number of groups that trials are put in, by the value of a setting, to tell what it explains."""

TRIALS = pa.schema(
    {
        "family": pa.string(),
        "trial": pa.int64(),
        "splits": pa.int64(),
        "budget": pa.int64(),
        "epochs": pa.int64(),
        "score": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "best": pa.float64(),
        "settings": pa.string(),
    }
)
BY_SETTING = pa.schema(
    {
        "family": pa.string(),
        "setting": pa.string(),
        "trial": pa.int64(),
        "place": pa.float64(),
        "value": pa.string(),
        "score": pa.float64(),
    }
)
IMPORTANCE = pa.schema({"family": pa.string(), "setting": pa.string(), "importance": pa.float64()})


def best(results: Results, spaces: Mapping[Family, Dimensions], k: int) -> dict[str, Any]:
    """Give the best settings of each family, and the family that did best; of equal scores, the earlier one.

    Parameters
    ----------
    results, spaces
        What was found, and where.
    k
        The length of list that scores are for.
    """
    winners = {family: min(found, key=lambda result: result.rank) for family, found in results.items()}
    leading = max(winners, key=lambda family: winners[family].score.mean)
    return {
        "family": leading,
        "families": {
            family: {
                f"ndcg@{k}": _with_interval(result.score),
                "trial": result.trial.number,
                "of": results[family][-1].trial.number + 1,
                "splits": len(result.curves),
                "settings": searched_settings(result, spaces[family]),
            }
            for family, result in winners.items()
        },
    }


def _with_interval(score: Score) -> dict[str, float]:
    low, high = score.interval
    return {"mean": score.mean, "low": low, "high": high}


def searched_settings(result: Result, space: Dimensions) -> dict[str, Any]:
    """Give a trial's values of what is in the space, with the number of epochs after which it was best."""
    values = result.settings.model_dump()
    return {name: result.epochs if name == "epochs" else values[name] for name in space}


def trials_table(results: Results, spaces: Mapping[Family, Dimensions]) -> pa.Table:
    """List each trial: its score, with 95 % interval, and the best until then: `TRIALS`."""
    rows = []
    for family, found in results.items():
        best_so_far = found[0]
        for result in found:
            best_so_far = min(best_so_far, result, key=lambda each: each.rank)
            low, high = result.score.interval
            rows.append(
                {
                    "family": family,
                    "trial": result.trial.number,
                    "splits": len(result.curves),
                    "budget": count_epochs(result.settings),
                    "epochs": result.epochs,
                    "score": result.score.mean,
                    "low": low,
                    "high": high,
                    "best": best_so_far.score.mean,
                    "settings": json.dumps(searched_settings(result, spaces[family])),
                }
            )
    return pa.Table.from_pylist(rows, TRIALS)


def by_setting(results: Results) -> pa.Table:
    """List each drawn setting of each trial, with its place in its dimension: `BY_SETTING`."""
    return pa.Table.from_pylist(
        [
            {
                "family": family,
                "setting": name,
                "trial": result.trial.number,
                "place": round(place, DIGITS),
                "value": str(getattr(result.trial.settings, name)),
                "score": result.score.mean,
            }
            for family, found in results.items()
            for result in found
            for name, place in result.trial.places.items()
        ],
        BY_SETTING,
    )


def importance(results: Results) -> pa.Table:
    """List how much of the scores' variance each setting explains alone: `IMPORTANCE`.

    It is the variance of the mean scores of the trials in four groups by the setting's value, by that of all scores:
    the correlation ratio (Pearson, 1905), an estimate of Sobol's first-order index.
    """
    rows = []
    for family, found in results.items():
        drawn = [result for result in found if result.trial.places]
        scores = np.array([result.score.mean for result in drawn])
        for name in drawn[0].trial.places if drawn else ():
            group = np.array([int(result.trial.places[name] * GROUPS) for result in drawn])
            share = _explained(scores, group)
            rows.append({"family": family, "setting": name, "importance": round(share, DIGITS)})
    return pa.Table.from_pylist(rows, IMPORTANCE)


def _explained(scores: np.ndarray, group: np.ndarray) -> float:
    total = ((scores - scores.mean()) ** 2).sum()
    counts = np.bincount(group, minlength=GROUPS)
    means = np.bincount(group, weights=scores, minlength=GROUPS) / np.maximum(counts, 1)
    between = (counts * (means - scores.mean()) ** 2).sum()
    return float(between / total) if total > 0 else 0.0
