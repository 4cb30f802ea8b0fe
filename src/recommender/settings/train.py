"""`train`: the family that ships, and LightFM's arguments under LightFM's names."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from recommender.settings.base import Seed, Settings

Finite = Field(allow_inf_nan=False, le=1_000_000_000)
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Seeds = Annotated[int, Field(ge=1, le=100)]
Family = Literal["lightfm", "history", "ease", "ials", "item_knn", "rp3beta"]
"""A family of models."""


class TrainSettings(Settings):
    """The family that ships, and LightFM's arguments under LightFM's names."""

    family: Literal[Family, "searched"]
    """The family of models that is shipped; ``searched``: the one that did best in the search."""
    settings: Literal["given", "searched"]
    """``given``: every family is trained with its settings here and in `peers`; ``searched``: with the best found."""
    seeds: Seeds
    """The number of LightFM models whose scores are averaged, from as many seeds, `random_state` the first."""
    trainer: Literal["lightfm", "core"]
    """``lightfm``: LightFM's own fit, on one thread; ``core``: ours, the same model on any number, and faster."""
    loss: Literal["warp", "bpr", "logistic", "warp-kos"]
    """The loss that is minimised; ``warp`` ranks best where only positives are known."""
    no_components: Annotated[int, Field(ge=1, le=10_000)]
    """The number of latent dimensions."""
    epochs: Count
    """The number of passes over the interactions."""
    learning_schedule: Literal["adagrad", "adadelta"]
    """The rule by which steps adapt."""
    learning_rate: Annotated[float, Finite, Field(gt=0)]
    """The first step's size, for ``adagrad``."""
    rho: Annotated[float, Field(gt=0, lt=1)]
    """The decay of the running averages, for ``adadelta``."""
    epsilon: Annotated[float, Finite, Field(ge=0)]
    """The conditioning term of ``adadelta``."""
    item_alpha: Annotated[float, Finite, Field(ge=0)]
    """The L2 penalty on program features."""
    user_alpha: Annotated[float, Finite, Field(ge=0)]
    """The L2 penalty on user features."""
    max_sampled: Count
    """The number of negatives that ``warp`` draws, at most, in search of one that violates the ranking."""
    k: Count
    """The k-th positive, for ``warp-kos``."""
    n: Count
    """The number of positives that ``warp-kos`` draws for one update."""
    random_state: Seed
    """The seed."""

    @model_validator(mode="after")
    def _a_searched_family_has_searched_settings(self) -> Self:
        if self.family == "searched" and self.settings != "searched":
            raise ValueError("with family searched, settings must be searched too")
        return self

    @model_validator(mode="after")
    def _kos_needs_n_at_least_k(self) -> Self:
        if self.loss == "warp-kos" and self.n < self.k:
            raise ValueError(f"with loss warp-kos, n must be at least k, and n is {self.n}, k is {self.k}")
        return self
