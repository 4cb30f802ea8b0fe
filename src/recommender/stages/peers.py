"""`peers`: train the other families of models on the training part alone."""

from recommender.families.fit_family import count_steps, fit_family
from recommender.files.arrays import read_coo
from recommender.files.json_files import read_json
from recommender.files.models import write_model
from recommender.pipeline.chosen import chosen_settings
from recommender.pipeline.stage import Stage, run
from recommender.settings.peers import PEERS, PeersSettings
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples


def peers(stage: Stage) -> None:
    """Train each family but LightFM's, which needs no features."""
    how = stage.setting("train", TrainSettings, "settings")
    given = stage.settings("peers", PeersSettings)
    best = read_json(stage.dep("best.json"))
    examples = Examples(read_coo(stage.dep("train.npz")))
    chosen = {family: chosen_settings(family, getattr(given, family), how, best) for family in PEERS}
    for family, settings in chosen.items():
        with stage.work(*count_steps(settings, examples.interactions.shape[1]), family) as execution:
            for epoch in fit_family(examples, settings, execution):
                model = epoch.model
        write_model(stage.out(f"{family}.npz"), model())


if __name__ == "__main__":
    run("peers", peers)
