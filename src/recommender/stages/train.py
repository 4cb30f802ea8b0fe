"""`train`: the model that is shipped, from all interactions."""

from recommender.files.arrays import read_coo, read_csr, write_arrays
from recommender.files.pickles import write_pickle
from recommender.progress import progress
from recommender.settings.train import TrainSettings
from recommender.stages._stage import Stage, run
from recommender.training.factors import factors_of
from recommender.training.reference import fit


def train(stage: Stage) -> None:
    """Train on everything, and write the model for notebooks (a pickle) and for everybody else (arrays)."""
    settings = stage.settings("train", TrainSettings)
    execution = stage.execution()
    user_features = read_csr(stage.dep("user_features.npz"))
    program_features = read_csr(stage.dep("program_features.npz"))
    with progress("train", settings.epochs, "epochs", execution.progress) as advance:
        model = fit(
            read_coo(stage.dep("interactions.npz")),
            settings,
            user_features,
            program_features,
            on_epoch=lambda _epoch, _model: advance(),
        )
    write_pickle(stage.out("lightfm.pkl"), model)
    write_arrays(stage.out("factors.npz"), factors_of(model, user_features, program_features).arrays())


if __name__ == "__main__":
    run("train", train)
