"""`backtest`: a model is trained without the test interactions, to be evaluated on them."""

from recommender.files.arrays import read_coo, read_csr, write_arrays
from recommender.progress import progress
from recommender.settings.train import TrainSettings
from recommender.stages._stage import Stage, run
from recommender.training.factors import factors_of
from recommender.training.reference import fit


def backtest(stage: Stage) -> None:
    """Train as `train` does, on less."""
    settings = stage.settings("train", TrainSettings)
    user_features = read_csr(stage.dep("user_features.npz"))
    program_features = read_csr(stage.dep("program_features.npz"))
    with progress("backtest", settings.epochs, "epochs", stage.execution().progress) as advance:
        model = fit(
            read_coo(stage.dep("train.npz")),
            settings,
            user_features,
            program_features,
            on_epoch=lambda _epoch, _model: advance(),
        )
    write_arrays(stage.out("backtest.npz"), factors_of(model, user_features, program_features).arrays())


if __name__ == "__main__":
    run("backtest", backtest)
