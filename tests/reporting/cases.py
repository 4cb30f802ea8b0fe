"""What other stages write, made by what they are made of, for the parts of the page."""

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import scipy.sparse as sp
from evaluation.cases import random_task, untied

from recommender.baselines.most_popular import most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.evaluation.evaluate_models import evaluate_models
from recommender.evaluation.plot_tables import by_k, by_segment, families, precision_and_coverage
from recommender.evaluation.popularity_shares import popularity_shares
from recommender.evaluation.report import report
from recommender.evaluation.verdict import Leads, verdict
from recommender.files.csv_files import csv_bytes
from recommender.measuring.headline import headlines
from recommender.measuring.task import Task
from recommender.ranking.scorer import Scorer
from recommender.reporting.shown import Row


def entries(
    values: Sequence[float], rows: Sequence[int], columns: Sequence[int], shape: tuple[int, int]
) -> sp.coo_matrix:
    places = np.array(rows, np.int32), np.array(columns, np.int32)
    return sp.coo_matrix((np.array(values, np.float32), places), shape=shape)


def tiny() -> Task:
    """One user, two programs: one is known, one is to be found."""
    return Task.make(entries([1], [0], [0], (1, 2)).tocsr(), entries([1], [0], [1], (1, 2)).tocsr())


@dataclass(frozen=True)
class Evaluated:
    """What `evaluate` writes, as the page reads it."""

    ranking: dict[str, Any]
    families: list[Row]
    by_k: list[Row]
    by_segment: list[Row]
    coverage: list[Row]
    shares: list[Row]

    @classmethod
    def make(
        cls,
        task: Task | None = None,
        ks: Sequence[int] = (10, 5),
        bounds: Sequence[int] = (0, 5, 20),
        others: Sequence[str] = ("history", "ease"),
    ) -> Self:
        """Measure models that know nothing on a task."""
        task = task or random_task(60, 40, seed=1)
        shape = task.train.shape
        scorers: dict[str, Scorer] = {
            name: untied(*shape, components=3, seed=seed) for seed, name in enumerate(["model", *others])
        }
        scorers |= {"popularity": most_popular(task.train), "random": RandomOrder(shape, 0)}
        found = evaluate_models(scorers, task, ks, confidence=0.95, samples=100, seed=0, segment_bounds=bounds)
        leads = Leads.make(found, headlines(ks[0])[0], confidence=0.95, samples=100, seed=0)
        counts = {name: of.exposure for name, of in found.measured.items()} | {"consumed": task.consumed}
        return cls(
            report(found, ks[0], "lightfm", verdict(leads, "lightfm")),
            as_read(families(found, leads, "lightfm")),
            as_read(by_k(found)),
            as_read(by_segment(found, ks[0]), ["segment"]),
            as_read(precision_and_coverage(found)),
            as_read(popularity_shares(task.popularity, counts)),
        )


@functools.cache
def evaluated(task: Task | None = None, ks: tuple[int, ...] = (10, 5)) -> Evaluated:
    """What `evaluate` writes of a task; not to be changed."""
    return Evaluated.make(task, ks)


def as_read(table: pa.Table, texts: Sequence[str] = ()) -> list[Row]:
    options = pacsv.ConvertOptions(column_types=dict.fromkeys(texts, pa.string()))
    rows: list[Row] = pacsv.read_csv(io.BytesIO(csv_bytes(table)), convert_options=options).to_pylist()
    return rows
