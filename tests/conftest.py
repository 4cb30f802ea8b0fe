"""Fixtures: real projects, with a real Git and a real DVC."""

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from projects import Once, Project, copied_checkout
from published import ENVIRONMENT, Published, published

LONG = ("docs", "pipeline", "releases", "fuzz", "remote", "repair", "serving", "cli", "browser")
"""Folders whose tests run whole commands."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first, so that short ones fill the end and no process waits for the last."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Make a project, and what lies beside it, in the first test process that needs it; give each a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "once"
    shared.mkdir(exist_ok=True)

    def made(name: str, make: Callable[[Path], object]) -> Project:
        common = Project(shared / name / "project")
        with FileLock(shared / f"{name}.lock"):
            if not (shared / f"{name}.made").exists():
                make(common.root)
                (shared / f"{name}.made").touch()
        return common.copy_with_home(tmp_path_factory.mktemp(name) / "work")

    return made


@pytest.fixture(scope="session")
def shipped(once: Once) -> Project:
    """The checkout as a fresh clone has it: nothing has been run. Not to be changed: copy it."""
    return once("shipped", copied_checkout)


@pytest.fixture(scope="session")
def reproduced(shipped: Project, once: Once) -> Project:
    """A clone in which the pipeline has run. Not to be changed: copy it."""

    def make(root: Path) -> None:
        project = shipped.copy(root)
        project.dvc("repro")
        project.commit("The pipeline has run")
        project.git("repack", "-a", "-d", "--quiet")

    return once("reproduced", make)


@pytest.fixture(scope="session")
def pushed_once(reproduced: Project, once: Once) -> Project:
    """The same, and its storage has it all. Not to be changed: copy its folder."""
    return once("pushed", lambda root: reproduced.copy(root).dvc("push", "--quiet"))


@pytest.fixture
def project(reproduced: Project, tmp_path: Path) -> Project:
    """A clone of one's own in which the pipeline has run."""
    return reproduced.copy(tmp_path / "project")


@pytest.fixture
def pushed(pushed_once: Project, tmp_path: Path) -> Project:
    """A clone of one's own that was pushed, and its storage."""
    return pushed_once.copy_with_home(tmp_path / "work")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and a cache of this process's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name, value in {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), **ENVIRONMENT}.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def small(tmp_path: Path, home: Path) -> Published:  # noqa: ARG001 - a home folder of its own is what is wanted
    """A repository with one commit of one file; this process has a home folder and a cache of its own."""
    repository = Published(tmp_path / "small", tmp_path / "storage")
    repository.root.mkdir()
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.write("file", "content")
    repository.commit("Begin")
    return repository


@pytest.fixture
def stranger(tmp_path: Path, home: Path) -> Published:  # noqa: ARG001 - likewise
    """Somebody else's small project; this process has a home folder and a cache of its own."""
    return published(tmp_path / "stranger")
