"""The rules of the house that a reader goes by: no cycles, and one name for one module."""

import graphlib
import sys
from collections import Counter

from sources import SOURCES, imported

MODULES = sorted(SOURCES.glob("recommender/**/*.py"))
LISTINGS = {"stages", "settings", "cli"}
"""Folders that have one module for each stage, group of settings and command, called like what it is about."""


def test_no_module_imports_itself_by_way_of_others() -> None:
    tuple(graphlib.TopologicalSorter({file: imported(file)[0] for file in MODULES}).static_order())


def test_a_file_name_says_which_module_is_meant() -> None:
    names = Counter(path.stem for path in MODULES if path.parent.name not in LISTINGS and path.stem != "__init__")
    assert not [name for name, count in names.items() if count > 1]


def test_no_module_is_called_like_one_of_the_standard_library() -> None:
    assert not [path for path in MODULES if path.stem in sys.stdlib_module_names]
