"""`learning_curve`: how good the model is after each epoch, on interactions set aside from the training data."""

import sys
from typing import Any

import pyarrow as pa
import scipy.sparse as sp

from recommender.evaluation.learning_curve import point
from recommender.evaluation.measure import Task
from recommender.files.arrays import read_coo
from recommender.files.csv import write_csv
from recommender.settings.learning_curve import LearningCurveSettings
from recommender.splits.validation import validation
from recommender.stages._stage import Stage, run
from recommender.stages._training import Training
from recommender.training.fit import Epoch

COLUMNS = pa.schema({"epoch": pa.int64(), "metric": pa.string(), "mean": pa.float64()})


def learning_curve(stage: Stage) -> None:
    """Train once more, without what is set aside, and measure on the way."""
    settings = stage.settings("learning_curve", LearningCurveSettings)
    rows: list[dict[str, Any]] = []
    parts = validation(read_coo(stage.dep("train.npz")), settings.users, settings.validation_fraction, settings.seed)
    if settings.every and not parts.test.nnz:
        print("there is no learning curve: no user has two training positives, one to set aside", file=sys.stderr)
    elif settings.every:
        task = Task.make(sp.csr_matrix(parts.train), sp.csr_matrix(parts.test))
        training = Training(stage)

        def measure(epoch: Epoch) -> None:
            if epoch.number % settings.every == 0 or epoch.number == training.settings.epochs:
                factors = training.factors(epoch.model())
                rows.extend(point(epoch.number, factors, task, settings.k, stage.execution().num_threads))

        training.fit(parts.train, measure)
    write_csv(stage.out("learning_curve.csv"), pa.Table.from_pylist(rows, COLUMNS))


if __name__ == "__main__":
    run("learning_curve", learning_curve)
