"""A compiled module that is not of the sources beside it does not train."""

import shutil
import sys
from pathlib import Path

import pytest

from recommender.errors import RecommenderError
from recommender.training.core.build import NATIVE, compiled


def test_the_installed_module_is_that_of_the_sources() -> None:
    compiled()


def test_changed_sources_are_refused_until_they_are_compiled(tmp_path: Path) -> None:
    copy = tmp_path / "native"
    shutil.copytree(NATIVE, copy)
    compiled(copy)
    with (copy / "kernel.c").open("a", encoding="utf-8") as stream:
        stream.write("/* changed */\n")
    with pytest.raises(RecommenderError, match="has changed since the trainer was compiled; `make venv`"):
        compiled(copy)


def test_an_installation_without_sources_trains(tmp_path: Path) -> None:
    compiled(tmp_path / "missing")


def test_a_module_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recommender.training.core._native", None)
    monkeypatch.delattr("recommender.training.core._native", raising=False)
    with pytest.raises(RecommenderError, match="has not been compiled for this Python; `make venv`"):
        compiled()
