"""`report`: write the page for those who decide, from what the other stages wrote."""

from collections.abc import Iterator
from typing import Any

from recommender.files.arrays import read_arrays, read_coo
from recommender.files.atomic import open_atomically
from recommender.files.columns import TITLE
from recommender.files.csv_files import read_csv
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json
from recommender.files.tables import read_table
from recommender.pipeline.stage import Stage, run
from recommender.reporting.data_part import DataPart
from recommender.reporting.differing import differing
from recommender.reporting.example_users import examples, only_positives
from recommender.reporting.exposure import Exposure
from recommender.reporting.page import page
from recommender.reporting.program_part import ProgramPart
from recommender.reporting.quality_part import QualityPart
from recommender.reporting.search_part import SearchPart
from recommender.reporting.shown import Row
from recommender.settings.data import DataSettings
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.learning_curve import LearningCurveSettings
from recommender.settings.peers import PeersSettings
from recommender.settings.recommend import RecommendSettings
from recommender.settings.search import SearchSettings
from recommender.settings.split import SplitSettings
from recommender.settings.train import TrainSettings

PARTS = 9
"""The number of parts of the page."""


def report(stage: Stage) -> None:
    """Tell what went in, how good the recommendations are, for whom, and what is recommended."""
    with stage.work("parts", PARTS) as execution:
        made = {}
        for name, part in parts(stage):
            made[name] = part
            execution.advance(1)
    with open_atomically(stage.out("report.html")) as out:
        out.write(page(**made).encode())


def parts(stage: Stage) -> Iterator[tuple[str, Any]]:
    """Make each part of the page, by its name."""
    evaluate = stage.settings("evaluate", EvaluateSettings)
    settings = {
        "data": stage.settings("data", DataSettings),
        "features": stage.settings("features", FeatureSettings),
        "split": stage.settings("split", SplitSettings),
        "train": stage.settings("train", TrainSettings),
        "peers": stage.settings("peers", PeersSettings),
        "search": stage.settings("search", SearchSettings),
        "evaluate": evaluate,
        "learning_curve": stage.settings("learning_curve", LearningCurveSettings),
        "recommend": stage.settings("recommend", RecommendSettings),
    }
    yield "settings", differing(settings)

    def rows(name: str, *texts: str) -> list[Row]:
        found: list[Row] = read_csv(stage.dep(name), texts).to_pylist()
        return found

    ranking, families = read_json(stage.dep("ranking.json")), rows("families.csv")
    dropped = read_csv(stage.dep("dropped.csv"), ["file", "column", "value", "reason"])
    yield "data", DataPart.make(read_json(stage.dep("data.json")), rows("growth.csv", "month"), dropped)
    yield (
        "quality",
        QualityPart.make(ranking, families, rows("by_k.csv"), rows("by_segment.csv", "segment"), evaluate.confidence),
    )
    yield "programs", ProgramPart.make(ranking, rows("precision_and_coverage.csv"), rows("popularity_shares.csv"))
    yield (
        "search",
        SearchPart.make(
            read_json(stage.dep("best.json")), rows("trials.csv"), rows("importance.csv"), rows("learning_curve.csv")
        ),
    )
    yield "metrics", list(ranking["model"])
    yield "families", [row["family"] for row in families]

    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    titles = read_table(stage.dep("titles.parquet"))[TITLE].to_pylist()
    positives, timestamps = only_positives(
        read_coo(stage.dep("interactions.npz")), read_arrays(stage.dep("timestamps.npz")).get("timestamps")
    )
    recommendations = read_table(stage.dep("recommendations.parquet"))
    yield "exposure", Exposure.make(ids, titles, positives, recommendations)
    yield "examples", examples(ids, titles, positives, timestamps, recommendations)


if __name__ == "__main__":
    run("report", report)
