"""Fixtures: real projects, with a real Git and a real DVC."""

from pathlib import Path

import pytest
from projects import Project, copied_checkout
from published import ENVIRONMENT, Published, published


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The checkout as a fresh clone has it: nothing has been run. Not to be changed: copy it."""
    return copied_checkout(tmp_path_factory.mktemp("shipped") / "project")


@pytest.fixture(scope="session")
def reproduced(shipped: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone in which the pipeline has run. Not to be changed: copy it."""
    project = shipped.copy(tmp_path_factory.mktemp("reproduced") / "project")
    project.dvc("repro")
    project.commit("The pipeline has run")
    return project


@pytest.fixture
def project(reproduced: Project, tmp_path: Path) -> Project:
    """A clone of one's own in which the pipeline has run."""
    return reproduced.copy(tmp_path / "project")


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
