"""A stage as DVC runs it: its declaration in `dvc.yaml`, its settings, and how it ends."""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from recommender.errors import FAULTS, RecommenderError, fault
from recommender.execution import Execution, processors
from recommender.pipeline.costs import Cost, record
from recommender.pipeline.progress import progress
from recommender.settings.base import Settings
from recommender.settings.execution import ExecutionSettings
from recommender.settings.params_file import read_yaml
from recommender.text import printable_lines

AnySettings = TypeVar("AnySettings", bound=Settings)

PARAMS = Path("params.yaml")
RECORDS = Path(".dvc/tmp/records")
"""The folder of what is kept of unfinished work; DVC leaves it alone, and Git ignores it."""


class Stage:
    """One stage of the `dvc.yaml` in the current directory, as DVC runs it.

    A stage knows its files by name alone; `dvc.yaml` says where they are. What is not declared there cannot be read
    or written.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        declared = yaml.load(Path("dvc.yaml").read_bytes(), Loader=yaml.CSafeLoader)["stages"][name]
        self._deps = [Path(dep) for dep in declared["deps"]]
        self._outs = [_path(out) for kind in ("outs", "metrics", "plots") for out in declared.get(kind, [])]

    def dep(self, name: str) -> Path:
        """Find the declared dependency with this file name."""
        return self._only("dependency", name, self._deps)

    def out(self, name: str) -> Path:
        """Find the declared output, metric or plot with this file name."""
        return self._only("output", name, self._outs)

    def _only(self, kind: str, name: str, declared: Sequence[Path]) -> Path:
        found = [path for path in declared if path.name == name]
        if len(found) != 1:
            listed = ", ".join(str(path) for path in declared)
            raise LookupError(
                f"stage {self.name} asks for the {kind} {name!r}, and dvc.yaml declares "
                f"{len(found) or 'none'} of that name; it declares {listed or 'nothing'}"
            )
        return found[0]

    def settings(self, group: str, model: type[AnySettings]) -> AnySettings:
        """Read and check one group of `params.yaml`."""
        if group not in self._params:
            raise RecommenderError(
                f"{PARAMS}: {group} is missing; docs/parameters.md says what it means and its defaults"
            )
        return model.parse(self._params[group], f"{PARAMS}: {group}")

    @cached_property
    def _params(self) -> dict[str, Any]:
        return read_yaml(PARAMS)

    def setting(self, group: str, model: type[Settings], key: str) -> Any:
        """Read and check a group of `params.yaml`, and give the one value that the stage depends on."""
        return getattr(self.settings(group, model), key)

    @contextmanager
    def work(self, unit: str, total: int, detail: str = "") -> Iterator[Execution]:
        """Provide threads and progress for a piece of work.

        `dvc.yaml` does not declare these settings, because no result depends on them.

        Parameters
        ----------
        unit, total
            What is counted, and how many there are in all.
        detail
            What to show besides the name of the stage.
        """
        settings = self.settings("execution", ExecutionSettings)
        title = f"{self.name}, {detail}" if detail else self.name
        with progress(title, total, unit, settings.progress) as advance:
            yield Execution(settings.num_threads or processors(), advance=advance)

    @contextmanager
    def records(self, key: object) -> Iterator[Path]:
        """Provide a folder that outlives an interrupted run, for a long piece of work to go on from.

        Once the work is done, only this folder is kept; more of the same work can begin with what it holds.

        Parameters
        ----------
        key
            What decides the content besides the stage's dependencies, as JSON can hold it. Another key, and another
            content of any dependency, give another folder.
        """
        digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode())
        for file in sorted(file for dep in self._deps for file in (dep.rglob("*") if dep.is_dir() else [dep])):
            if file.is_file() and "__pycache__" not in file.parts:
                with file.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        everything = RECORDS / self.name
        folder = everything / digest.hexdigest()
        yield folder
        for other in everything.glob("*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    @property
    def threads_asked_for(self) -> int:
        """The number of threads in the settings; 0: the user left it to the machine."""
        return self.settings("execution", ExecutionSettings).num_threads

    def say(self, line: str | None) -> None:
        """Print a line for whoever watches the run; None prints nothing."""
        if line:
            print(line, file=sys.stderr)

    def record(self, start: float) -> None:
        """Keep what it took to make the outputs since a moment of `time.monotonic`, for whoever asks later."""
        record(Path(), self.name, self._outs, Cost.since(start))

    def check_packages(self) -> None:
        """Require the package versions in the locks that this stage depends on.

        Raises
        ------
        RecommenderError
            A locked package is installed in another version.
        """
        for lock in self._deps:
            if lock.suffix != ".lock":
                continue
            for name, locked in _pins(lock.read_text().splitlines()):
                if (installed := version(name)) != locked:
                    raise RecommenderError(
                        f"{name} {installed} is installed, and {lock} names {locked}; `make venv` brings them together"
                    )


def run(name: str, stage: Callable[[Stage], None]) -> NoReturn:
    """Run a stage as a process: exit with 0, or with one line on stderr and 1 (130 when interrupted)."""
    start = time.monotonic()
    try:
        declared = Stage(name)
        declared.check_packages()
        stage(declared)
        declared.record(start)
    except RecommenderError as error:
        print(printable_lines(str(error)), file=sys.stderr)
        code = 1
    except FAULTS as error:
        print(printable_lines(fault(error)), file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print(f"stage {name} was interrupted; `dvc repro` goes on from here", file=sys.stderr)
        code = 130
    else:
        sys.exit(0)
    print(f"stage {name}: its last good outputs come back with `dvc checkout --force`", file=sys.stderr)
    sys.exit(code)


def _path(out: str | dict[str, Any]) -> Path:
    return Path(out if isinstance(out, str) else next(iter(out)))


def _pins(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, separator, rest = line.partition("==")
        if separator and not line.startswith((" ", "#")):
            yield name, rest.split()[0]
