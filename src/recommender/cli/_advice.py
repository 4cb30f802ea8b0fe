"""What an evaluation says of the families, in a sentence, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from recommender.reporting.sentence import verdict_sentence

EXPERIMENT = "dvc exp run"
TRIALS = 64
"""The number of trials for each family that a search is advised with."""


def advice(ranking: Mapping[str, Any], params: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Say which family is best, and which commands lead on.

    Parameters
    ----------
    ranking
        The content of `metrics/ranking.json`.
    params
        The parameters that made it, by group and name.

    Returns
    -------
    list of str
        Lines, the sentence first; none if the file is from before there were families.
    """
    if "verdict" not in ranking:
        return []
    kind, best = ranking["verdict"]["kind"], ranking["verdict"]["best"]
    lines = [verdict_sentence(ranking)]
    if kind == "behind":
        lines.append(f"Ship it: {EXPERIMENT} -S train.family={best}")
    if kind != "no_signal" and not _is_searched(params):
        searched = "-S train.settings=searched -S train.family=searched"
        lines.append(
            f"Settings are as given; search better ones for each: {EXPERIMENT} -S search.trials={TRIALS} {searched}"
        )
    return lines


def model_name(ranking: Mapping[str, Any]) -> str:
    """Name the model with its family."""
    return f"model ({ranking['family']})" if "family" in ranking else "model"


def _is_searched(params: Mapping[str, Mapping[str, Any]]) -> bool:
    return bool(params.get("search", {}).get("trials")) and params.get("train", {}).get("settings") == "searched"
