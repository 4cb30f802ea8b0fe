"""`backtest`: a model is trained without the test interactions, to be evaluated on them."""

from recommender.files.arrays import read_coo
from recommender.files.factors import write_factors
from recommender.stages._stage import Stage, run
from recommender.stages._training import Training


def backtest(stage: Stage) -> None:
    """Train as `train` does, on less."""
    training = Training(stage)
    model = training.fit(read_coo(stage.dep("train.npz")))
    write_factors(stage.out("backtest.npz"), training.factors(model))


if __name__ == "__main__":
    run("backtest", backtest)
