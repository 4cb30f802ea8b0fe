"""`train`: train the model that is shipped, on all interactions."""

from recommender.families.fit_family import count_steps, fit_family
from recommender.files.arrays import read_coo, read_csr
from recommender.files.json_files import read_json
from recommender.files.models import Model, write_model
from recommender.files.pickles import write_pickle
from recommender.pipeline.chosen import chosen_family, chosen_settings, given_settings
from recommender.pipeline.stage import Stage, run
from recommender.settings.peers import HistorySettings, PeersSettings
from recommender.settings.train import TrainSettings
from recommender.training.averaged import OfLightFM
from recommender.training.examples import Examples
from recommender.training.fit import advice, fit
from recommender.training.representations import factors_of


def train(stage: Stage) -> None:
    """Train on everything, and write the model as arrays, and a LightFM model as a pickle for notebooks.

    They are the same model if LightFM can hold the family that ships; it can hold its own and `history`.
    """
    given, peers = stage.settings("train", TrainSettings), stage.settings("peers", PeersSettings)
    best = read_json(stage.dep("best.json"))
    family = chosen_family(given, best)
    settings = chosen_settings(family, given_settings(family, given, peers), given.settings, best)
    interactions = read_coo(stage.dep("interactions.npz"))
    if isinstance(settings, HistorySettings):
        examples = Examples(interactions)
        held: OfLightFM = settings
    else:
        examples = Examples(
            interactions, read_csr(stage.dep("user_features.npz")), read_csr(stage.dep("program_features.npz"))
        )
        held = chosen_settings("lightfm", given, given.settings, best)
    with stage.work("epochs", held.epochs, "LightFM") as execution:
        stage.say(advice(examples, held, stage.threads_asked_for))
        for epoch in fit(examples, held, execution.num_threads):
            execution.advance(**epoch.figures)
    lightfm = epoch.model()
    write_pickle(stage.out("lightfm.pkl"), lightfm)
    model: Model = factors_of(lightfm, examples)
    if not isinstance(settings, OfLightFM):
        with stage.work(*count_steps(settings, interactions.shape[1]), family) as execution:
            for other in fit_family(examples, settings, execution):
                trained = other.model
        model = trained()
    write_model(stage.out("factors.npz"), model)


if __name__ == "__main__":
    run("train", train)
