"""`learning_curve`: measure the model after each epoch, on interactions set aside from the training data."""

from typing import Any

import pyarrow as pa
import scipy.sparse as sp

from recommender.families.fit_family import count_epochs, count_steps, fit_family
from recommender.files.arrays import read_coo, read_csr
from recommender.files.csv_files import write_csv
from recommender.files.json_files import read_json
from recommender.measuring.headline import headline_means
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.pipeline.chosen import chosen_family, chosen_settings, given_settings
from recommender.pipeline.stage import Stage, run
from recommender.ranking.model_scorer import scorer_of
from recommender.settings.learning_curve import LearningCurveSettings
from recommender.settings.peers import PeersSettings
from recommender.settings.train import TrainSettings
from recommender.splits.validation import validation
from recommender.training.examples import Examples

COLUMNS = pa.schema({"epoch": pa.int64(), "metric": pa.string(), "mean": pa.float64()})


def learning_curve(stage: Stage) -> None:
    """Train once more, without what is set aside, and measure along the way."""
    curve = stage.settings("learning_curve", LearningCurveSettings)
    train, peers = stage.settings("train", TrainSettings), stage.settings("peers", PeersSettings)
    best = read_json(stage.dep("best.json"))
    family = chosen_family(train, best)
    settings = chosen_settings(family, given_settings(family, train, peers), train.settings, best)
    rows: list[dict[str, Any]] = []
    parts = validation(read_coo(stage.dep("train.npz")), curve.users, curve.validation_fraction, curve.seed)
    if curve.every and not parts.test.nnz:
        stage.say("there is no learning curve: no user has two training positives, one to set aside")
    elif curve.every:
        task = Task.make(sp.csr_matrix(parts.train), sp.csr_matrix(parts.test))
        examples = Examples(
            parts.train, read_csr(stage.dep("user_features.npz")), read_csr(stage.dep("program_features.npz"))
        )
        n_epochs = count_epochs(settings)
        with stage.work(*count_steps(settings, parts.train.shape[1]), family) as execution:
            for epoch in fit_family(examples, settings, execution):
                if epoch.number % curve.every == 0 or epoch.number == n_epochs:
                    scorer = scorer_of(epoch.model(), task.train)
                    means = headline_means(measure(scorer, task, [curve.k], execution.quiet()), curve.k)
                    rows += [{"epoch": epoch.number, "metric": metric, "mean": mean} for metric, mean in means.items()]
    write_csv(stage.out("learning_curve.csv"), pa.Table.from_pylist(rows, COLUMNS))


if __name__ == "__main__":
    run("learning_curve", learning_curve)
