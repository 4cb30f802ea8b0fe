"""The comparison of a model with the last release: is it worse beyond chance?"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.errors import RecommenderError
from recommender.evaluation.bootstrap import Interval, bootstrap_means, interval
from recommender.files.columns import MODEL, USER_ID
from recommender.measuring.headline import headlines
from recommender.serving.foreign_tables import read_foreign_table
from recommender.serving.source import Source
from recommender.settings.evaluate import EvaluateSettings
from recommender.text import cut, one_line, printable

ADDED: dict[str, Any] = {"more_metrics": []}
"""Settings that releases of before do not record."""


@dataclass(frozen=True)
class Comparison:
    """The difference between a model and an older one on the same test interactions.

    Attributes
    ----------
    metric
        The metric that was compared.
    difference
        The mean over users of the new value less the old one, with its confidence interval.
    """

    metric: str
    difference: Interval

    @property
    def is_worse(self) -> bool:
        """True when the whole interval is below zero."""
        return self.difference.high < 0


def compare(new: Source, old: Source) -> Comparison | None:
    """Compare a headline metric of two revisions, user by user; None: they were tested on different interactions.

    The metric is the first headline, at the first of the new one's `evaluate.ks` for which the old one has it, too.

    Parameters
    ----------
    new, old
        The sources of every user's values. Confidence, number of samples and seed are the new one's `evaluate`
        settings.

    Raises
    ------
    RecommenderError
        The values of one of them cannot be read, or there is no k at which both were measured.
    """
    if new.lock.output("split", "test.npz") != old.lock.output("split", "test.npz"):
        return None
    recorded = new.lock.params().get("evaluate", {})
    settings = EvaluateSettings.parse(ADDED | recorded, "dvc.lock: evaluate")
    tables = [_of_the_model(source) for source in (new, old)]
    measured = [headlines(k)[0] for k in settings.ks if all(headlines(k)[0] in table.column_names for table in tables)]
    if not measured:
        raise RecommenderError("the two were measured at no common k; `evaluate.ks` must keep one")
    # As text: the dictionaries of the two files may number the same texts differently.
    if not pc.cast(tables[0][USER_ID], pa.string()).equals(pc.cast(tables[1][USER_ID], pa.string())):
        return None
    values = [table[measured[0]].to_numpy().astype(np.float64) for table in tables]
    gain = (values[0] - values[1])[:, None]
    means = bootstrap_means(gain, settings.bootstrap_samples, settings.seed)
    return Comparison(measured[0], interval(gain[:, 0], means[:, 0], settings.confidence))


def _of_the_model(source: Source) -> pa.Table:
    content = source.read("evaluate", "per_user.parquet")
    try:
        table = read_foreign_table(io.BytesIO(content))
        return table.filter(pc.equal(table[MODEL], "model"))
    except (ValueError, KeyError, OSError, pa.ArrowException) as error:
        said = cut(printable(one_line(error)), 200)
        raise RecommenderError(f"per_user.parquet is not what this version writes: {said}") from None
