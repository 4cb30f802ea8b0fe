"""`search`: find the best settings of each family of models, on a part of the training data."""

from recommender.files.arrays import read_arrays, read_coo, read_csr
from recommender.files.csv_files import write_csv
from recommender.files.json_files import write_json
from recommender.pipeline.chosen import given_settings
from recommender.pipeline.stage import Stage, run
from recommender.search.family_plan import Plan
from recommender.search.finished import Finished
from recommender.search.halving import Results, Search
from recommender.search.search_tables import best, by_setting, importance, trials_table
from recommender.search.validation_task import validation_tasks
from recommender.settings.peers import PeersSettings
from recommender.settings.search import SearchSettings
from recommender.settings.split import SplitSettings
from recommender.settings.train import TrainSettings
from recommender.training.examples import Examples


def search(stage: Stage) -> None:
    """Try many settings of each family, and write down the best; without trials, write down that there are none."""
    settings = stage.settings("search", SearchSettings)
    spaces = {family: getattr(settings.space, family) for family in settings.families}
    results = search_families(stage, settings) if settings.trials else {}
    write_json(stage.out("best.json"), best(results, spaces, settings.k) if results else {})
    write_csv(stage.out("trials.csv"), trials_table(results, spaces))
    write_csv(stage.out("by_setting.csv"), by_setting(results))
    write_csv(stage.out("importance.csv"), importance(results))


def search_families(stage: Stage, settings: SearchSettings) -> Results:
    """Search one family after the other."""
    train, peers = stage.settings("train", TrainSettings), stage.settings("peers", PeersSettings)
    splitting = stage.settings("split", SplitSettings)
    examples = Examples(
        read_coo(stage.dep("train.npz")),
        read_csr(stage.dep("user_features.npz")),
        read_csr(stage.dep("program_features.npz")),
    )
    timestamps = read_arrays(stage.dep("train_timestamps.npz")).get("timestamps")
    tasks = validation_tasks(examples, timestamps, splitting, settings)
    plans = [Plan.make(family, given_settings(family, train, peers), settings) for family in settings.families]
    measured_on = [splitting.model_dump(), settings.users, settings.k, settings.seed]
    n_trainings = sum(plan.count_trainings(len(tasks)) for plan in plans)
    with stage.records(measured_on) as folder, stage.work("trainings", n_trainings) as execution:
        searching = Search(tasks, Finished(folder), execution)
        return {plan.family: searching.run(plan) for plan in plans}


if __name__ == "__main__":
    run("search", search)
