"""What an evaluation says of the families, in a sentence."""

from collections.abc import Mapping
from typing import Any


def verdict_sentence(ranking: Mapping[str, Any]) -> str:
    """Say which family is best on this data, and whether that is more than chance.

    Parameters
    ----------
    ranking
        The content of `metrics/ranking.json`, with a verdict.
    """
    verdict, model = ranking["verdict"], f"{ranking['family']}, the model"
    ((metric, lead),) = verdict["lead"].items()
    best, over = (model if name == ranking["family"] else name for name in (verdict["best"], verdict["over"]))
    by = f"by {lead['mean']:.4f} [{lead['low']:+.4f}, {lead['high']:+.4f}] in {metric}"
    match verdict["kind"]:
        case "best":
            return f"{best}, is best on this data: it leads {over}, the next, {by}."
        case "behind":
            return f"{best} is best on this data: it leads {over}, {by}."
        case "tied" if best == model:
            return f"{best}, leads {over}, the next, {by}: no difference beyond chance, and nothing is better."
        case "tied":
            return f"{best} leads {over}, {by}: no difference beyond chance, so the model is as good as any."
        case "popularity":
            leading = f"{verdict['best']} leads {verdict['over']} {by}"
            return f"No family beats popularity, which needs no model, beyond chance: {leading}."
        case _:
            return (
                f"Nothing beats random orders beyond chance: {verdict['best']} leads {by}. As far as "
                f"{ranking['users']:,} users tell, these interactions hold no signal that any of the families can use."
            )
