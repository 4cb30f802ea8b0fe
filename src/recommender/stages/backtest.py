"""`backtest`: train the model that is evaluated, on the training part alone."""

from recommender.files.arrays import read_coo, read_csr
from recommender.files.factors import write_factors
from recommender.pipeline.stage import Stage, run
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples
from recommender.training.fit import advice, fit
from recommender.training.representations import factors_of


def backtest(stage: Stage) -> None:
    """Train as `train` does, without the test interactions."""
    settings = stage.settings("train", TrainSettings)
    examples = Examples(
        read_coo(stage.dep("train.npz")),
        read_csr(stage.dep("user_features.npz")),
        read_csr(stage.dep("program_features.npz")),
    )
    with stage.work("epochs", settings.epochs, settings.loss) as execution:
        stage.say(advice(examples, settings, stage.threads_asked_for))
        for epoch in fit(examples, settings, execution.num_threads):
            execution.advance(**epoch.figures)
    write_factors(stage.out("backtest.npz"), factors_of(epoch.model(), examples))


if __name__ == "__main__":
    run("backtest", backtest)
