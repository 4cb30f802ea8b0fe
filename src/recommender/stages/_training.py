"""What the two stages that train share."""

import sys

from lightfm import LightFM

from recommender.files.arrays import read_coo, read_csr
from recommender.progress import progress
from recommender.ranking.factors import Factors
from recommender.settings.train import TrainSettings
from recommender.stages._stage import Stage
from recommender.training.factors import factors_of
from recommender.training.reference import fit


def trained(stage: Stage, interactions: str) -> tuple[LightFM, Factors]:
    """Train a model on the dependency with this name, and show how far it has come."""
    settings = stage.settings("train", TrainSettings)
    execution = stage.execution()
    if execution.num_threads > 1:
        print("training uses one thread: on more, LightFM gives another model each time", file=sys.stderr)
    user_features = read_csr(stage.dep("user_features.npz"))
    program_features = read_csr(stage.dep("program_features.npz"))
    with progress(f"{stage.name}, {settings.loss}", settings.epochs, "epochs", execution.progress) as advance:
        model = fit(
            read_coo(stage.dep(interactions)),
            settings,
            user_features,
            program_features,
            lambda _epoch, _model: advance(),
        )
    return model, factors_of(model, user_features, program_features)
