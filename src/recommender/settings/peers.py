"""`peers`: the settings of every family of models but LightFM's."""

from typing import Annotated, Literal

from pydantic import Field

from recommender.settings.base import Seed, Settings
from recommender.settings.train import Count, Family, Finite, Seeds

PEERS: tuple[Family, ...] = ("history", "ease", "ials", "item_knn", "rp3beta")
"""The families but LightFM's."""

Components = Annotated[int, Field(ge=1, le=10_000)]
MostItems = Annotated[int, Field(ge=1, le=50_000)]


class HistorySettings(Settings):
    """WARP whose user is a scaled sum of embeddings of what the user has."""

    no_components: Components
    """The number of latent dimensions."""
    epochs: Count
    """The number of passes over the interactions."""
    learning_rate: Annotated[float, Finite, Field(gt=0)]
    """The first step's size."""
    max_sampled: Count
    """The number of negatives that are drawn, at most, in search of one that violates the ranking."""
    scale: Annotated[float, Finite, Field(gt=0)]
    """The factor of the sum."""
    exponent: Annotated[float, Field(ge=0, le=2)]
    """A sum over n programs is divided by n to the power of this."""
    dropout: Annotated[float, Field(ge=0, lt=1)]
    """The share of the history that each step of training leaves out, drawn at random."""
    item_alpha: Annotated[float, Finite, Field(ge=0)]
    """The L2 penalty on all embeddings."""
    seeds: Seeds
    """The number of models whose scores are averaged, from as many seeds, `random_state` the first."""
    random_state: Seed
    """The seed."""


class EaseSettings(Settings):
    """EASE: the linear model of programs on programs, in closed form."""

    l2: Annotated[float, Finite, Field(gt=0)]
    """The L2 penalty."""
    most_items: MostItems
    """The number of programs that the model knows, at most: the most popular ones. Memory grows with its square."""


class IalsSettings(Settings):
    """Implicit ALS: factors by alternating least squares over all pairs."""

    no_components: Components
    """The number of latent dimensions."""
    epochs: Count
    """The number of passes; each solves for all users, then for all programs."""
    unobserved_weight: Annotated[float, Finite, Field(gt=0)]
    """The weight of a pair that is not a positive, where a positive's is 1."""
    l2: Annotated[float, Finite, Field(gt=0)]
    """The L2 penalty."""
    exponent: Annotated[float, Field(ge=0, le=1)]
    """The power of a row's weight by which its penalty grows; 1: by its number of pairs, 0: not at all."""
    random_state: Seed
    """The seed."""


class ItemKnnSettings(Settings):
    """Item-based nearest neighbours by the cosine of their users."""

    neighbours: Count
    """The number of neighbours of a program."""
    shrinkage: Annotated[float, Finite, Field(ge=0)]
    """What is added to the denominator of the cosine, so that few common users tell little."""
    side: Literal["candidate", "history"]
    """Whose neighbours are kept: those of each program that may be recommended, or of each that the user has."""


class Rp3betaSettings(Settings):
    """RP3beta: a random walk of three steps, from the user over programs and users, with popularity held down."""

    alpha: Annotated[float, Finite, Field(ge=0)]
    """The power of the transition probabilities."""
    beta: Annotated[float, Finite, Field(ge=0)]
    """The power of a program's popularity that its score is divided by."""
    neighbours: Count
    """The number of programs that a walk may end at, for each that the user has."""


class PeersSettings(Settings):
    """The settings of every family of models but LightFM's."""

    history: HistorySettings
    """History WARP: the user is a sum of embeddings of what the user has."""
    ease: EaseSettings
    """EASE: programs from programs, in closed form."""
    ials: IalsSettings
    """Implicit ALS."""
    item_knn: ItemKnnSettings
    """Item-based nearest neighbours."""
    rp3beta: Rp3betaSettings
    """RP3beta: random walks."""
