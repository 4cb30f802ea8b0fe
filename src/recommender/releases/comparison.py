"""Whether a model is worse than the last release, beyond chance."""

import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recommender.columns import MODEL, USER_ID
from recommender.errors import RecommenderError
from recommender.evaluation.bootstrap import Interval, bootstrap_means, interval
from recommender.evaluation.names import headlines
from recommender.files.tables import read_table
from recommender.serving.source import Source
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.yaml import parse_yaml

SPLIT = "test.npz"
VALUES = "per_user.parquet"


@dataclass(frozen=True)
class Comparison:
    """How a model does against an older one on the same test interactions.

    Attributes
    ----------
    metric
        Which metric was compared.
    difference
        The mean over users of the new value less the old one, with its confidence interval.
    """

    metric: str
    difference: Interval

    @property
    def is_worse(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.difference.high < 0


def compare(new: Source, old: Source) -> Comparison | None:
    """Compare the headline metric of two revisions, user by user; None: they were tested on different interactions.

    Parameters
    ----------
    new, old
        Where the values of all users come from. The first k, the confidence, the number of samples and the seed are
        those of the new one's `evaluate` settings.

    Raises
    ------
    RecommenderError
        One of the two has no values of users, or does not know the metric.
    """
    if new.lock.output(SPLIT).md5 != old.lock.output(SPLIT).md5:
        return None
    group = parse_yaml(new.file("params.yaml"), "params.yaml").get("evaluate")
    settings = EvaluateSettings.parse(group, "params.yaml: evaluate")
    metric = headlines(settings.ks[0])[0]
    values, users = zip(*(_values(source, metric) for source in (new, old)), strict=True)
    if users[0] != users[1]:
        return None
    gain = (values[0] - values[1])[:, None]
    means = bootstrap_means(gain, settings.bootstrap_samples, settings.seed)
    return Comparison(metric, interval(gain[:, 0], means[:, 0], settings.confidence))


def _values(source: Source, metric: str) -> tuple[NDArray[np.float64], pa.ChunkedArray]:
    table = read_table(io.BytesIO(source.read(VALUES)))
    if metric not in table.column_names:
        raise RecommenderError(f"{VALUES} has no {metric}; releases are compared by it, so evaluate.ks must keep its k")
    table = table.filter(pc.equal(table[MODEL], "model"))
    return table[metric].to_numpy().astype(np.float64), table[USER_ID]
