"""`backtest`: a model is trained without the test interactions, to be evaluated on them."""

from recommender.files.factors import write_factors
from recommender.stages._stage import Stage, run
from recommender.stages._training import trained


def backtest(stage: Stage) -> None:
    """Train as `train` does, on less."""
    _, factors = trained(stage, "train.npz")
    write_factors(stage.out("backtest.npz"), factors)


if __name__ == "__main__":
    run("backtest", backtest)
