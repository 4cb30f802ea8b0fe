"""`evaluate`: measure all families of models on interactions that none of them has seen."""

from recommender.baselines.most_popular import most_popular
from recommender.baselines.random_order import RandomOrder
from recommender.evaluation.evaluate_models import evaluate_models
from recommender.evaluation.per_user import per_user_table
from recommender.evaluation.plot_tables import by_k, by_segment, differences, families, precision_and_coverage
from recommender.evaluation.popularity_shares import popularity_shares
from recommender.evaluation.report import report
from recommender.evaluation.verdict import Leads, verdict
from recommender.files.arrays import read_csr
from recommender.files.csv_files import write_csv
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json, write_json
from recommender.files.models import read_model
from recommender.files.tables import write_table
from recommender.measuring.headline import headlines
from recommender.measuring.task import Task
from recommender.pipeline.chosen import chosen_family
from recommender.pipeline.stage import Stage, run
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.scorer import Scorer
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.peers import PEERS
from recommender.settings.train import TrainSettings


def evaluate(stage: Stage) -> None:
    """Measure the family that ships, as `model`, and all the others on one task."""
    settings = stage.settings("evaluate", EvaluateSettings)
    task = Task.make(read_csr(stage.dep("train.npz")), read_csr(stage.dep("test.npz")))
    family = chosen_family(stage.settings("train", TrainSettings), read_json(stage.dep("best.json")))
    files = {"lightfm": stage.dep("backtest.npz")} | {peer: stage.dep(f"{peer}.npz") for peer in PEERS}
    scorers: dict[str, Scorer] = {"model": scorer_of(read_model(files.pop(family)), task.train)}
    scorers |= {name: scorer_of(read_model(path), task.train) for name, path in files.items()}
    scorers |= {"popularity": most_popular(task.train), "random": RandomOrder(task.train.shape, settings.seed)}
    with stage.work("rankings", len(scorers) * len(task.users)) as execution:
        evaluation = evaluate_models(
            scorers,
            task,
            settings.ks,
            confidence=settings.confidence,
            samples=settings.bootstrap_samples,
            seed=settings.seed,
            segment_bounds=settings.segments,
            more_metrics=settings.more_metrics,
            execution=execution,
        )
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    counts = {name: found.exposure for name, found in evaluation.measured.items()} | {"consumed": task.consumed}
    leads = Leads.make(
        evaluation,
        headlines(settings.ks[0])[0],
        confidence=settings.confidence,
        samples=settings.bootstrap_samples,
        seed=settings.seed,
    )
    write_json(stage.out("ranking.json"), report(evaluation, settings.ks[0], family, verdict(leads, family)))
    write_csv(stage.out("by_k.csv"), by_k(evaluation))
    write_csv(stage.out("by_segment.csv"), by_segment(evaluation, settings.ks[0]))
    write_csv(stage.out("differences.csv"), differences(evaluation))
    write_csv(stage.out("families.csv"), families(evaluation, leads, family))
    write_csv(stage.out("precision_and_coverage.csv"), precision_and_coverage(evaluation))
    write_csv(stage.out("popularity_shares.csv"), popularity_shares(task.popularity, counts))
    write_table(stage.out("per_user.parquet"), per_user_table(evaluation, [ids.user_ids[user] for user in task.users]))


if __name__ == "__main__":
    run("evaluate", evaluate)
