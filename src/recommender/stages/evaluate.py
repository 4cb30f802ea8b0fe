"""`evaluate`: the backtested model is measured against the baselines, on interactions that it has not seen."""

from recommender.baselines.item_knn import item_knn
from recommender.baselines.popularity import popularity
from recommender.baselines.random import Random
from recommender.evaluation.evaluate import evaluate as evaluate_models
from recommender.evaluation.measure import Task
from recommender.evaluation.per_user import per_user_table
from recommender.evaluation.popularity_shares import popularity_shares
from recommender.evaluation.report import report
from recommender.evaluation.tables import by_k, by_segment, differences, precision_and_coverage
from recommender.files.arrays import read_csr
from recommender.files.csv import write_csv
from recommender.files.factors import read_factors
from recommender.files.json import read_json, write_json
from recommender.files.tables import write_table
from recommender.ids import IdMap
from recommender.progress import progress
from recommender.ranking.scorer import Scorer
from recommender.settings.evaluate import EvaluateSettings
from recommender.stages._stage import Stage, run


def evaluate(stage: Stage) -> None:
    """Measure the model and the baselines on one task."""
    settings = stage.settings("evaluate", EvaluateSettings)
    execution = stage.execution()
    task = Task.make(read_csr(stage.dep("train.npz")), read_csr(stage.dep("test.npz")))
    with progress(f"{stage.name}, item_knn", task.train.shape[1], "items", execution.progress) as advance:
        neighbours = item_knn(task.train, settings.neighbours, execution.num_threads, advance)
    scorers: dict[str, Scorer] = {
        "model": read_factors(stage.dep("backtest.npz")),
        "popularity": popularity(task.train),
        "item_knn": neighbours,
        "random": Random(task.train.shape, settings.seed),
    }
    with progress(stage.name, len(scorers) * len(task.users), "rankings", execution.progress) as advance:
        evaluation = evaluate_models(
            scorers,
            task,
            settings.ks,
            confidence=settings.confidence,
            samples=settings.bootstrap_samples,
            seed=settings.seed,
            segment_bounds=settings.segments,
            num_threads=execution.num_threads,
            advance=advance,
        )
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    counts = {name: found.exposure for name, found in evaluation.measured.items()} | {"consumed": task.consumed}
    write_json(stage.out("ranking.json"), report(evaluation, settings.ks[0]))
    write_csv(stage.out("by_k.csv"), by_k(evaluation))
    write_csv(stage.out("by_segment.csv"), by_segment(evaluation, settings.ks[0]))
    write_csv(stage.out("differences.csv"), differences(evaluation))
    write_csv(stage.out("precision_and_coverage.csv"), precision_and_coverage(evaluation))
    write_csv(stage.out("popularity_shares.csv"), popularity_shares(task.popularity, counts))
    write_table(stage.out("per_user.parquet"), per_user_table(evaluation, [ids.user_ids[user] for user in task.users]))


if __name__ == "__main__":
    run("evaluate", evaluate)
