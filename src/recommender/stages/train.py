"""`train`: the model that is shipped, from all interactions."""

from recommender.files.factors import write_factors
from recommender.files.pickles import write_pickle
from recommender.stages._stage import Stage, run
from recommender.stages._training import trained


def train(stage: Stage) -> None:
    """Train on everything, and write the model for notebooks (a pickle) and for everybody else (arrays)."""
    model, factors = trained(stage, "interactions.npz")
    write_pickle(stage.out("lightfm.pkl"), model)
    write_factors(stage.out("factors.npz"), factors)


if __name__ == "__main__":
    run("train", train)
