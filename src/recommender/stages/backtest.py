"""`backtest`: train LightFM on the training part alone."""

from recommender.files.arrays import read_coo, read_csr
from recommender.files.json_files import read_json
from recommender.files.models import write_model
from recommender.pipeline.chosen import chosen_settings
from recommender.pipeline.stage import Stage, run
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples
from recommender.training.fit import advice, fit
from recommender.training.representations import factors_of


def backtest(stage: Stage) -> None:
    """Train LightFM as `train` does, without the test interactions."""
    given = stage.settings("train", TrainSettings)
    settings = chosen_settings("lightfm", given, given.settings, read_json(stage.dep("best.json")))
    examples = Examples(
        read_coo(stage.dep("train.npz")),
        read_csr(stage.dep("user_features.npz")),
        read_csr(stage.dep("program_features.npz")),
    )
    with stage.work("epochs", settings.epochs, settings.loss) as execution:
        stage.say(advice(examples, settings, stage.threads_asked_for))
        for epoch in fit(examples, settings, execution.num_threads):
            execution.advance(**epoch.figures)
    write_model(stage.out("backtest.npz"), factors_of(epoch.model(), examples))


if __name__ == "__main__":
    run("backtest", backtest)
