"""A search: the trainings of its plans, and what comes of them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

from recommender.errors import RecommenderError
from recommender.execution import Execution
from recommender.families.fit_family import count_epochs, fit_family
from recommender.search.family_plan import Plan
from recommender.search.finished import Curve, Finished
from recommender.search.trials import Trial
from recommender.search.validation_task import Score, ValidationTask
from recommender.settings.train import Family
from recommender.training.examples import Examples

POINTS = 16
"""The number of points of the longest training at which it is measured."""
WIDE: tuple[Family, ...] = ("ease",)
"""Families whose memory is for one training at a time; it gets all threads."""


@dataclass(frozen=True)
class Result:
    """What came of a trial.

    Attributes
    ----------
    trial
        The trial.
    budget
        The number of epochs that it got.
    epochs
        After how many of these it was best; of equal scores, the fewest.
    score
        The score then.
    """

    trial: Trial
    budget: int
    epochs: int
    score: Score

    @property
    def rank(self) -> tuple[float, int]:
        """What results are sorted by, the best first: of equal scores, the earlier trial."""
        return -self.score.mean, self.trial.number


Results = Mapping[Family, Sequence[Result]]
"""The results of a search, by family."""


class Search:
    """A search on one task.

    Parameters
    ----------
    task
        What trials are measured on.
    examples
        What they learn from.
    records
        The trainings that were finished before.
    execution
        Trials are trained at the same time, one on each thread. Progress counts trainings.
    """

    def __init__(self, task: ValidationTask, examples: Examples, records: Finished, execution: Execution) -> None:
        self._task = task
        self._examples = examples
        self._records = records
        self._execution = execution
        self._stopped = Event()
        self._best: dict[Family, float] = {}

    def run(self, plan: Plan) -> list[Result]:
        """Search a family, and give the result of each trial, in their order.

        Raises
        ------
        RecommenderError
            The present settings cannot be trained. Others that cannot score 0.
        """
        present, *others = plan.trials
        first = self._train(plan.family, present, count_epochs(present.settings), self._execution.num_threads)
        results = {present.number: first}
        self._show(plan.family, first)
        for budget in plan.budgets:
            found = sorted(self._train_all(plan.family, others, budget), key=lambda result: result.rank)
            results |= {result.trial.number: result for result in found}
            others = [result.trial for result in found[: plan.survivors(len(found))]]
        return [results[trial.number] for trial in plan.trials]

    def _train_all(self, family: Family, trials: Sequence[Trial], epochs: int) -> Iterator[Result]:
        """Train several trials, and yield the results as they come."""
        for result in self._results(family, trials, epochs):
            self._show(family, result)
            yield result

    def _results(self, family: Family, trials: Sequence[Trial], epochs: int) -> Iterator[Result]:
        workers = 1 if family in WIDE else min(self._execution.num_threads, len(trials))
        if workers <= 1:
            for trial in trials:
                yield self._train(family, trial, epochs, self._execution.num_threads)
            return
        pool = ThreadPoolExecutor(workers)
        try:
            # The longest first, so that no thread is left with one when the others are done.
            longest_first = sorted(trials, key=lambda trial: -getattr(trial.settings, "no_components", 0))
            threads = self._execution.num_threads // workers
            futures = [pool.submit(self._train, family, trial, epochs, threads) for trial in longest_first]
            for future in as_completed(futures):
                yield future.result()
        finally:
            self._stopped.set()
            pool.shutdown(cancel_futures=True)
            self._stopped.clear()

    def _train(self, family: Family, trial: Trial, epochs: int, num_threads: int) -> Result:
        """Train a trial for so many epochs, unless that was done before, and find after how many it is best."""
        curve = self._records.find(family, trial.settings, epochs)
        if curve is None:
            curve = self._curve(trial, epochs, Execution(num_threads))
            self._records.keep(family, trial.settings, epochs, curve)
        best = min(curve, key=lambda epoch: (-curve[epoch].mean, epoch))
        return Result(trial, epochs, best, curve[best])

    def _curve(self, trial: Trial, epochs: int, execution: Execution) -> Curve:
        """Measure a training along the way."""
        every = max(1, count_epochs(trial.settings) // POINTS)
        curve: Curve = {}
        try:
            for epoch in fit_family(self._examples, trial.settings, execution):
                if self._stopped.is_set():
                    raise KeyboardInterrupt
                if epoch.number % every == 0 or epoch.number == epochs:
                    curve[epoch.number] = self._task.score(epoch.model(), execution)
                if epoch.number == epochs:
                    break
        except RecommenderError:
            if not trial.number:
                raise
            curve.setdefault(epochs, Score(0.0, 0.0))
        return curve

    def _show(self, family: Family, result: Result) -> None:
        best = self._best.setdefault(family, result.score.mean)
        self._best[family] = max(best, result.score.mean)
        self._execution.advance(**{"best so far": f"{family} {self._best[family]:.4f}"})
