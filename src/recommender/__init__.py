"""A reproducible, data-versioned recommender pipeline on DVC and LightFM.

The public names are here; they are loaded when they are first used, so that a stage loads only what it needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.errors import RecommenderError
    from recommender.serving.recommender import Recommendation, Recommender

__all__ = ["Recommendation", "Recommender", "RecommenderError"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "RecommenderError":
        from recommender.errors import RecommenderError

        return RecommenderError
    from recommender.serving import recommender

    return getattr(recommender, name)
