"""`train`: the model that is shipped, from all interactions."""

from recommender.files.arrays import read_coo
from recommender.files.factors import write_factors
from recommender.files.pickles import write_pickle
from recommender.stages._stage import Stage, run
from recommender.stages._training import Training


def train(stage: Stage) -> None:
    """Train on everything, and write the model for notebooks (a pickle) and for everybody else (arrays)."""
    training = Training(stage)
    model = training.fit(read_coo(stage.dep("interactions.npz")))
    write_pickle(stage.out("lightfm.pkl"), model)
    write_factors(stage.out("factors.npz"), training.factors(model))


if __name__ == "__main__":
    run("train", train)
