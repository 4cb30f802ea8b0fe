"""A search: the trainings of its plans, and what comes of them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

from recommender.errors import RecommenderError
from recommender.execution import Execution
from recommender.families.fit_family import count_epochs, fit_family
from recommender.search.family_plan import FINALISTS, Plan
from recommender.search.finished import Curve, Finished
from recommender.search.trials import Trial
from recommender.search.validation_task import Score, ValidationTask, mean_score
from recommender.settings.base import Settings
from recommender.settings.train import Family

POINTS, FIRST_POINTS = 12, 4
"""The numbers of points of a training at which it is measured: of one with all its epochs, and of one with fewer."""
PATIENCE = 4
"""A training ends when it has not become better for so many points."""
WIDE: tuple[Family, ...] = ("ease",)
"""Families whose memory is for one training at a time; it gets all threads."""


@dataclass(frozen=True)
class Result:
    """What came of a trial.

    Attributes
    ----------
    trial
        The trial.
    settings
        The settings that it was trained with in the end: for as many epochs as it got.
    curves
        Its scores by epoch, on each split that it was measured on.
    """

    trial: Trial
    settings: Settings
    curves: tuple[Curve, ...]

    @property
    def epochs(self) -> int:
        """After how many epochs it was best; of equal scores, the fewest."""
        return min(set().union(*self.curves), key=lambda epoch: (-self._at(epoch).mean, epoch))

    @property
    def score(self) -> Score:
        """The score then, over all splits."""
        return self._at(self.epochs)

    @property
    def rank(self) -> tuple[int, float, int]:
        """What results are sorted by: those that came to the end first; of equal scores, the earlier trial."""
        return -len(self.curves), -self.score.mean, self.trial.number

    def _at(self, epoch: int) -> Score:
        """Average over the splits; where a training ended before, its last score stands."""
        until = [[score for number, score in curve.items() if number <= epoch] for curve in self.curves]
        return mean_score([scores[-1] if scores else FAILED for scores in until])


FAILED = Score(0.0, 0.0)
"""The score of a training that diverged."""

Results = Mapping[Family, Sequence[Result]]
"""The results of a search, by family."""


class Search:
    """A search on one task.

    Parameters
    ----------
    tasks
        What trials are measured on: all of them on the first, those that come to the end on the others, too.
    finished
        The trainings that were finished before.
    execution
        Trials are trained at the same time, one on each thread. Progress counts trainings.
    """

    def __init__(self, tasks: Sequence[ValidationTask], finished: Finished, execution: Execution) -> None:
        self._tasks = tasks
        self._finished = finished
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
        results: dict[int, Result] = {}

        def measure(entered: Sequence[Result], split: int) -> list[Trial]:
            """Keep the results on one more split, and list the trials, the best first."""
            found = sorted(self._measure(plan.family, entered, split), key=lambda result: result.rank)
            results.update((result.trial.number, result) for result in found)
            return [result.trial for result in found]

        measure([Result(present, present.settings, ())], 0)
        for budget in plan.budgets:
            ranked = measure([Result(trial, plan.settings(trial, budget), ()) for trial in others], 0)
            others = ranked[: plan.survivors(len(ranked))]
        for split in range(1, len(self._tasks)):
            measure([results[trial.number] for trial in (present, *others[:FINALISTS])], split)
        return [results[trial.number] for trial in plan.trials]

    def _measure(self, family: Family, entered: Sequence[Result], split: int) -> Iterator[Result]:
        """Train some trials on one more split, and yield the results as they come."""
        workers = 1 if family in WIDE else min(self._execution.num_threads, len(entered))
        for result in self._at_once(family, entered, split, workers):
            best = self._best[family] = max(result.score.mean, self._best.get(family, 0.0))
            self._execution.advance(**{"best so far": f"{family} {best:.4f}"})
            yield result

    def _at_once(self, family: Family, entered: Sequence[Result], split: int, workers: int) -> Iterator[Result]:
        if workers <= 1:
            for result in entered:
                yield self._train(family, result, split, self._execution.num_threads)
            return
        pool = ThreadPoolExecutor(workers)
        try:
            # The longest first, so that no thread is left with one when the others are done.
            longest_first = sorted(entered, key=lambda result: -getattr(result.settings, "no_components", 0))
            threads = self._execution.num_threads // workers
            for done in as_completed([pool.submit(self._train, family, one, split, threads) for one in longest_first]):
                yield done.result()
        finally:
            self._stopped.set()
            pool.shutdown(cancel_futures=True)
            self._stopped.clear()

    def _train(self, family: Family, entered: Result, split: int, num_threads: int) -> Result:
        """Train a trial, unless that was done before."""
        curve = self._finished.find(family, entered.settings, split)
        if curve is None:
            curve = self._curve(entered, self._tasks[split], Execution(num_threads))
            self._finished.keep(family, entered.settings, split, curve)
        return Result(entered.trial, entered.settings, (*entered.curves, curve))

    def _curve(self, entered: Result, task: ValidationTask, execution: Execution) -> Curve:
        """Measure a training along the way."""
        n_epochs = count_epochs(entered.settings)
        points = POINTS if n_epochs == count_epochs(entered.trial.settings) else FIRST_POINTS
        every = -(-n_epochs // points)
        curve: Curve = {}
        try:
            for epoch in fit_family(task.examples, entered.settings, execution):
                if self._stopped.is_set():
                    raise KeyboardInterrupt
                if epoch.number % every == 0 or epoch.number == n_epochs:
                    curve[epoch.number] = task.score(epoch.model(), execution)
                    if _has_peaked(curve):
                        break
        except RecommenderError:
            if not entered.trial.number:
                raise
            curve.setdefault(n_epochs, FAILED)
        return curve


def _has_peaked(curve: Curve) -> bool:
    before, last = list(curve.values())[:-PATIENCE], list(curve.values())[-PATIENCE:]
    return bool(before) and max(last).mean <= max(before).mean
