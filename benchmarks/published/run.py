"""How near do we come to a published table? Ours beside it: with the published settings, and with searched ones.

    python benchmarks/published/run.py TABLE FOLDER [--trials 16] [--families NAME ...]

TABLE is the name of a file in `tables/`, which says which files of a public split FOLDER must have, and where they are
from. First what is published with its settings is trained with these. Then each family's settings are searched on a
part of the training data; the test is looked at once, at the end. 0 trials: nothing is searched.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import machine, print_table
from _splits import read_split
from definitions import DEFINITIONS
from table import POPULARITY, Method, Run, Table

from recommender.baselines.most_popular import most_popular
from recommender.errors import FAULTS, RecommenderError, fault
from recommender.evaluation.bootstrap import bootstrap_means, interval
from recommender.execution import Execution, processors
from recommender.families.fit_family import count_steps, fit_family
from recommender.files.models import Model
from recommender.measuring.measure import measure
from recommender.measuring.task import Task
from recommender.metrics.ranked import PerUser
from recommender.pipeline.chosen import given_settings
from recommender.pipeline.progress import progress
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.scorer import Scorer
from recommender.search.family_plan import Plan
from recommender.search.finished import Finished
from recommender.search.halving import Search
from recommender.search.search_tables import searched_settings
from recommender.search.validation_task import validation_tasks
from recommender.settings.base import Settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.search import SearchSettings
from recommender.settings.train import Family
from recommender.training.examples import Examples

PARAMS = Path(__file__).parents[2] / "params.yaml"
TOLERANCE = 0.001
"""How far the figures of the same algorithm with the same settings may be apart."""

Cells = list[str]


class Bench:
    """What is trained, and how it is measured.

    Parameters
    ----------
    table
        The published table.
    folder
        Where the files of its data are.
    params
        The settings that nobody has published.
    n_trials
        The number of trials of each family that is searched.
    """

    def __init__(self, table: Table, folder: Path, params: Params, n_trials: int) -> None:
        self.table = table
        self.params = params
        changes = {"trials": n_trials, "k": table.ks[0]}
        self.searching = SearchSettings.parse(params.search.model_dump() | changes, "search")
        self.train, test = read_split(table.paths(folder, "train"), table.paths(folder, "test"), table.data.written)
        self.task = Task.make(self.train, test)
        self.examples = Examples(self.train.tocoo())

    def published(self, run: Run) -> Scorer:
        """Train what goes beside a published figure, with its settings."""
        if run.by == POPULARITY:
            return most_popular(self.train)
        if run.by in DEFINITIONS:
            kind, define = DEFINITIONS[run.by]
            settings = kind.parse(run.settings, run.by)
            with progress(run.by, self.train.shape[1], "programs") as advance:
                return scorer_of(define(self.train, settings, Execution(processors(), advance=advance)), self.train)
        given = given_settings(run.by, self.params.train, self.params.peers)  # type: ignore[arg-type]
        return self.fitted(run.by, type(given).parse(given.model_dump() | run.settings, run.by))

    def fitted(self, title: str, settings: Settings) -> Scorer:
        """Train a family of ours on the whole training data."""
        unit, n_steps = count_steps(settings, self.train.shape[1])
        with progress(title, n_steps, unit) as advance:
            for epoch in fit_family(self.examples, settings, Execution(processors(), advance=advance)):
                last = epoch
        model: Model = last.model()
        return scorer_of(model, self.train)

    def measured(self, title: str, scorer: Scorer) -> dict[str, PerUser]:
        """Measure a model on the test, by the table's metrics."""
        with progress(f"{title}: ranking", len(self.task.users), "users") as advance:
            execution = Execution(processors(), advance=advance)
            found = measure(scorer, self.task, self.table.ks, execution, self.table.more_metrics).per_user
        return {metric: found[metric] for metric in self.table.metrics}

    def searched(self, families: list[Family]) -> Iterator[tuple[Family, Settings]]:
        """Find the best settings of each family, on a part of the training data."""
        splitting = self.params.split.model_copy(update={"strategy": "given"})
        tasks = validation_tasks(self.examples, None, splitting, self.searching)
        for family in families:
            given = given_settings(family, self.params.train, self.params.peers)
            plan = Plan.make(family, given, self.searching)
            with (
                tempfile.TemporaryDirectory() as scratch,
                progress(f"{family}: search", plan.count_trainings(len(tasks)), "trainings") as advance,
            ):
                search = Search(tasks, Finished(Path(scratch)), Execution(processors(), advance=advance))
                best = min(search.run(plan), key=lambda result: result.rank)
            chosen = searched_settings(best, getattr(self.searching.space, family))
            yield family, type(given).parse(given.model_dump() | chosen, family)


def main() -> None:
    """Train, search, test, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", help="a table's name, or a file like those in tables/")
    parser.add_argument("folder", type=Path, help="where the files of its data are")
    parser.add_argument("--trials", type=int, default=16, help="for each family (default: %(default)s)")
    parser.add_argument("--families", nargs="+", choices=get_args(Family), help="to search (default: the table's)")
    args = parser.parse_args()
    try:
        table = Table.read(args.table)
        bench = Bench(table, args.folder, Params.parse(read_yaml(PARAMS), PARAMS.name), args.trials)
        users, items = bench.train.shape
        print(machine())
        print(
            f"\n{table.data.name}: {users:,} users, {items:,} programs; {bench.train.nnz:,} pairs to train on, "
            f"{bench.task.test.nnz:,} to be found, of {len(bench.task.users):,} users.",
            flush=True,
        )
        held_against(bench)
        ranked(bench, args.families or table.search)
        notes(table)
    except RecommenderError as error:
        sys.exit(str(error))
    except FAULTS as error:
        sys.exit(fault(error))


def held_against(bench: Bench) -> None:
    """Print what the published settings are good for here, beside what is published."""
    metrics = bench.table.metrics
    header = ["published", "here", *(name for metric in metrics for name in (metric, "here", "difference"))]
    rows = (beside(bench, method, run) for method in bench.table.methods for run in method.runs)
    print_table(f"The published settings: the same within {TOLERANCE}?", [*header, "the same?"], rows)


def beside(bench: Bench, method: Method, run: Run) -> Cells:
    """Make the row of a run."""
    if run.skipped:
        cells = [cell for figure in method.figures.values() for cell in (f"{figure:.4f}", "", "")]
        return [method.name, f"`{run.by}`", *cells, f"not run: {run.skipped}"]
    found = bench.measured(run.by, bench.published(run))
    means = {metric: float(values.mean()) for metric, values in found.items()}
    apart = {metric: means[metric] - figure for metric, figure in method.figures.items()}
    cells = [
        cell
        for metric, figure in method.figures.items()
        for cell in (f"{figure:.4f}", f"{means[metric]:.4f}", f"{round(apart[metric], 4) + 0:+.4f}")
    ]
    same = max(map(abs, apart.values())) <= TOLERANCE
    return [method.name, f"`{run.by}`", *cells, "yes" if same else f"no: {run.differs}" if run.differs else "**no**"]


def ranked(bench: Bench, families: list[Family]) -> None:
    """Print all that is published and all that was searched, the best first."""
    first, *others = bench.table.metrics
    n_trials = bench.searching.trials
    rows: list[tuple[float, Cells]] = [
        (method.figures[first], [method.name, method.source, *(f"{value:.4f}" for value in method.figures.values())])
        for method in bench.table.methods
    ]
    for family, settings in bench.searched(families) if n_trials else ():
        found = bench.measured(family, bench.fitted(family, settings))
        sure = interval(found[first], bootstrap_means(found[first][:, None], 1000, 42)[:, 0], 0.95)
        means = [f"{found[metric].mean():.4f}" for metric in others]
        shown = ", ".join(f"{name} {getattr(settings, name)}" for name in getattr(bench.searching.space, family))
        cells = [f"**{family}**", shown]
        rows.append((sure.mean, [*cells, f"{sure.mean:.4f} [{sure.low:.4f}, {sure.high:.4f}]", *means]))
    title = "All, the best first" + (f"; in bold what is here, the best of {n_trials} trials" if n_trials else "")
    print_table(title, ["model", "from, or settings", first, *others], [row for _, row in sorted(rows, reverse=True)])


def notes(table: Table) -> None:
    """Print where all that is from, and by which protocol."""
    print()
    for sentence in table.protocol:
        print(f"- {sentence}")
    for name, source in table.sources.items():
        print(f"- {name}: {source.paper}; {source.table}; read in {source.read_in}.")


if __name__ == "__main__":
    main()
