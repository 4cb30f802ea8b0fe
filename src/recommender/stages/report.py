"""`report`: write the page for those who decide, from what the other stages wrote."""

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
from recommender.reporting.example_users import examples
from recommender.reporting.exposure import Exposure
from recommender.reporting.page import page
from recommender.reporting.program_part import ProgramPart
from recommender.reporting.quality_part import QualityPart
from recommender.reporting.search_part import SearchPart
from recommender.settings.data import DataSettings
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.learning_curve import LearningCurveSettings
from recommender.settings.peers import PeersSettings
from recommender.settings.recommend import RecommendSettings
from recommender.settings.search import SearchSettings
from recommender.settings.split import SplitSettings
from recommender.settings.train import TrainSettings


def report(stage: Stage) -> None:
    """Tell what went in, how good the recommendations are, for whom, and what is recommended."""
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
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    titles = read_table(stage.dep("titles.parquet"))[TITLE].to_pylist()
    interactions = read_coo(stage.dep("interactions.npz"))
    timestamps = read_arrays(stage.dep("timestamps.npz")).get("timestamps")
    recommendations = read_table(stage.dep("recommendations.parquet"))
    ranking = read_json(stage.dep("ranking.json"))
    families, by_k, by_segment, coverage, shares, trials, importance, curve, growth, dropped = (
        read_csv(stage.dep(f"{name}.csv"), texts)
        for name, texts in (
            ("families", []),
            ("by_k", []),
            ("by_segment", ["segment"]),
            ("precision_and_coverage", []),
            ("popularity_shares", []),
            ("trials", []),
            ("importance", []),
            ("learning_curve", []),
            ("growth", ["month"]),
            ("dropped", ["file", "column", "value", "reason"]),
        )
    )
    written = page(
        data=DataPart.make(read_json(stage.dep("data.json")), growth.to_pylist(), dropped),
        quality=QualityPart.make(
            ranking, families.to_pylist(), by_k.to_pylist(), by_segment.to_pylist(), evaluate.confidence
        ),
        programs=ProgramPart.make(ranking, coverage.to_pylist(), shares.to_pylist()),
        exposure=Exposure.make(ids, titles, interactions, recommendations),
        examples=examples(ids, titles, interactions, timestamps, recommendations),
        search=SearchPart.make(
            read_json(stage.dep("best.json")), trials.to_pylist(), importance.to_pylist(), curve.to_pylist()
        ),
        settings=differing(settings),
        metrics=list(ranking["model"]),
        families=families["family"].to_pylist(),
    )
    with open_atomically(stage.out("report.html")) as out:
        out.write(written.encode())


if __name__ == "__main__":
    run("report", report)
