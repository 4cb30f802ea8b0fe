"""`evaluate`: the backtested model is measured against the baselines, on interactions that it has not seen."""

from recommender.baselines.popularity import popularity
from recommender.baselines.random import Random
from recommender.evaluation.evaluate import evaluate as evaluate_models
from recommender.evaluation.measure import Task
from recommender.evaluation.per_user import per_user_table
from recommender.evaluation.report import by_k, report
from recommender.files.arrays import read_csr
from recommender.files.factors import read_factors
from recommender.files.json import read_json, write_json
from recommender.files.tables import write_csv, write_table
from recommender.ids import IdMap
from recommender.settings.evaluate import EvaluateSettings
from recommender.stages._stage import Stage, run


def evaluate(stage: Stage) -> None:
    """Measure the model and the baselines on one task."""
    settings = stage.settings("evaluate", EvaluateSettings)
    task = Task.make(read_csr(stage.dep("train.npz")), read_csr(stage.dep("test.npz")))
    evaluation = evaluate_models(
        {
            "model": read_factors(stage.dep("backtest.npz")),
            "popularity": popularity(task.train),
            "random": Random(task.train.shape, settings.seed),
        },
        task,
        settings.ks,
        confidence=settings.confidence,
        samples=settings.bootstrap_samples,
        seed=settings.seed,
        num_threads=stage.execution().num_threads,
    )
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    write_json(stage.out("ranking.json"), report(evaluation, settings.ks[0]))
    write_csv(stage.out("by_k.csv"), by_k(evaluation))
    write_table(stage.out("per_user.parquet"), per_user_table(evaluation, [ids.user_ids[user] for user in task.users]))


if __name__ == "__main__":
    run("evaluate", evaluate)
