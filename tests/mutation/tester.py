"""Running the tests that a change can fail, in a process of its own with all that they import already there."""

import gc
import importlib
import importlib.machinery
import importlib.util
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from mutation.changes import Mutant

WHOLE_PROJECTS = {"project", "reproduced", "shipped"}
"""Fixtures of tests that run a whole project, which takes long, in processes that know nothing of a change."""

MEMORY = 4 << 30
"""How many bytes a process with a change may take."""

FORK = multiprocessing.get_context("fork")
Lines = set[tuple[str, int]]


@dataclass
class Reached:
    """Which test runs which lines, and how long it takes.

    Attributes
    ----------
    lines
        By test.
    seconds
        By test, in the order of the tests.
    at_import
        What is run as soon as the tests are collected, which no single test is known to depend on.
    modules
        What was imported besides the project.
    """

    lines: dict[str, Lines] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    at_import: Lines = field(default_factory=set)
    modules: list[str] = field(default_factory=list)


class Chosen:
    """Runs the tests that are named, in this order; without names, all that are fit for it."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        if self.names:
            by_name = {item.nodeid: item for item in items}
            items[:] = [by_name[name] for name in self.names]
        else:
            fast = [item for item in items if not item.get_closest_marker("slow")]
            items[:] = [item for item in fast if not WHOLE_PROJECTS & set(item.fixturenames)]


class Recorder:
    """Records what each test reaches."""

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.by_context: defaultdict[str, Lines] = defaultdict(set)
        self.context = ""
        self.found = Reached()
        self.fixtures: dict[str, list[str]] = {}

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        return self.line if frame.f_code.co_filename in self.files else None

    def line(self, frame: FrameType, event: str, argument: object) -> Any:
        del argument
        if event == "line":
            self.by_context[self.context].add((frame.f_code.co_filename, frame.f_lineno))
        return self.line

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Generator[None, object, object]:
        self.context, start = item.nodeid, time.monotonic()
        self.fixtures[item.nodeid] = item.fixturenames
        result = yield
        self.found.seconds[item.nodeid] = time.monotonic() - start
        self.context = ""
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        """Count what a shared fixture reaches for every test that uses it, and not only for the first."""
        outer = self.context
        if fixturedef.scope != "function":
            self.context = f"fixture {fixturedef.argname}"
        result = yield
        self.context = outer
        return result

    def reached(self) -> Reached:
        for test, fixtures in self.fixtures.items():
            shared = [self.by_context.get(f"fixture {name}", set()) for name in fixtures]
            self.found.lines[test] = self.by_context[test].union(*shared)
        self.found.at_import = self.by_context[""]
        self.found.modules = [
            name for name, module in sys.modules.items() if "site-packages" in str(getattr(module, "__file__", ""))
        ]
        return self.found


class Watcher:
    """Gives each test some times the time that it takes without a change, and tells which fails."""

    def __init__(self, seconds: dict[str, float], failed: Connection) -> None:
        self.seconds, self.failed = seconds, failed
        self.allow(0)

    def allow(self, seconds: float) -> None:
        """Kill the process if it works, or waits for what does not come, for longer than this and then some."""
        limit = int(time.process_time() + 5 + 5 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 10 + 10 * seconds)  # the other work of the machine counts here

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.allow(self.seconds[nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.send(report.nodeid)


class Changed(importlib.machinery.SourceFileLoader):
    """Loads one module from changed code."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        super().__init__(name, str(path))
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self.code

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> Any:
        """Find this module only; see `importlib.abc.MetaPathFinder`."""
        del path, target
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None


class Tester:
    """Runs the tests of some sources.

    Parameters
    ----------
    root
        The project, with `src` and `tests`.
    sources
        The files that are changed.
    tests
        Files and folders of tests.
    """

    def __init__(self, root: Path, sources: list[Path], tests: list[Path]) -> None:
        self.root, self.sources, self.tests = root, sources, tests
        self.kills: Counter[str] = Counter()
        receiver, sender = FORK.Pipe(duplex=False)
        process = FORK.Process(target=self._record, args=(sender,))
        process.start()
        sender.close()
        try:
            self.reached: Reached = receiver.recv()
        except EOFError:
            raise SystemExit(
                f"{', '.join(map(str, tests))}: there are no fast tests, or they fail without any change; "
                "run them with pytest to see why"
            ) from None
        process.join()
        for name in self.reached.modules:
            importlib.import_module(name)
        gc.collect()
        gc.freeze()

    def is_killed(self, source: Path, mutant: Mutant) -> bool:
        """Run the tests that reach a change until one fails, or takes too long, or takes too much memory."""
        names = self._that_reach(source, mutant)
        if not names:
            return False
        receiver, sender = FORK.Pipe(duplex=False)
        process = FORK.Process(target=self._meet, args=(source, mutant, names, sender))
        process.start()
        sender.close()
        process.join(60 + 10 * sum(self.reached.seconds[name] for name in names))
        if process.is_alive():
            process.kill()
            process.join()
        if receiver.poll():
            with suppress(EOFError):
                self.kills[receiver.recv()] += 1
        return process.exitcode != 0

    def _that_reach(self, source: Path, mutant: Mutant) -> list[str]:
        lines = {(str(source), number) for number in mutant.reached_by}
        everything = not lines or lines & self.reached.at_import
        names = [name for name, reached in self.reached.lines.items() if everything or lines & reached]
        # A line that only a thread of Arrow runs is seen by nobody: all tests of the file may reach it.
        names = names or [name for name, reached in self.reached.lines.items() if str(source) in dict(reached)]
        return sorted(names, key=lambda name: self.reached.seconds[name] / (1 + self.kills[name]))

    def _record(self, sender: Connection) -> None:
        recorder = Recorder({str(source) for source in self.sources})
        threading.settrace(recorder.trace)
        sys.settrace(recorder.trace)
        if self._pytest(self.tests, [Chosen([]), recorder]) == 0:
            sys.settrace(None)
            sender.send(recorder.reached())
        os._exit(0)

    def _meet(self, source: Path, mutant: Mutant, names: list[str], sender: Connection) -> None:
        module = ".".join(source.relative_to(self.root / "src").with_suffix("").parts).removesuffix(".__init__")
        sys.meta_path.insert(0, Changed(module, source, mutant.code))
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
        files = dict.fromkeys(self.root / name.partition("::")[0] for name in names)
        os._exit(self._pytest(files, [Chosen(names), Watcher(self.reached.seconds, sender)]))

    def _pytest(self, tests: Iterable[Path], plugins: list[object]) -> int:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.path[:0] = [str(self.root / "src"), str(self.root / "tests")]
        os.chdir(self.root)
        without = [part for plugin in ("xdist", "cacheprovider", "faulthandler") for part in ("-p", f"no:{plugin}")]
        options = ["-x", "-q", "--assert=plain", "-o", "addopts=--import-mode=importlib", "--rootdir", str(self.root)]
        return int(pytest.main([*options, *without, *map(str, tests)], plugins=plugins))
