"""A compiled module that is not of the sources beside it does not train."""

import shutil
from pathlib import Path

import pytest

from recommender.errors import RecommenderError
from recommender.training.core.build import NATIVE, require_current


def test_the_installed_module_is_that_of_the_sources() -> None:
    require_current()


def test_changed_sources_are_refused_until_they_are_compiled(tmp_path: Path) -> None:
    copy = tmp_path / "native"
    shutil.copytree(NATIVE, copy)
    require_current(copy)
    with (copy / "kernel.c").open("a", encoding="utf-8") as stream:
        stream.write("/* changed */\n")
    with pytest.raises(RecommenderError, match="has changed since the trainer was compiled; `make venv`"):
        require_current(copy)


def test_an_installation_without_sources_trains(tmp_path: Path) -> None:
    require_current(tmp_path / "missing")
