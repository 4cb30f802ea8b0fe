"""`train`: train the model that is shipped, on all interactions."""

from recommender.files.arrays import read_coo, read_csr
from recommender.files.factors import write_factors
from recommender.files.pickles import write_pickle
from recommender.pipeline.stage import Stage, run
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples
from recommender.training.fit import advice, fit
from recommender.training.representations import factors_of


def train(stage: Stage) -> None:
    """Train on everything, and write the model as a pickle for notebooks and as arrays for everything else."""
    settings = stage.settings("train", TrainSettings)
    examples = Examples(
        read_coo(stage.dep("interactions.npz")),
        read_csr(stage.dep("user_features.npz")),
        read_csr(stage.dep("program_features.npz")),
    )
    with stage.work("epochs", settings.epochs, settings.loss) as execution:
        stage.say(advice(examples, settings, stage.threads_asked_for))
        for epoch in fit(examples, settings, execution.num_threads):
            execution.advance(**epoch.figures)
    model = epoch.model()
    write_pickle(stage.out("lightfm.pkl"), model)
    write_factors(stage.out("factors.npz"), factors_of(model, examples))


if __name__ == "__main__":
    run("train", train)
