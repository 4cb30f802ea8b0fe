"""The compiled module of the peers."""

from pathlib import Path
from types import ModuleType

from recommender.native.compiled import compiled_module

NATIVE = Path(__file__).parent / "native"


def solvers() -> ModuleType:
    """Import the module that was compiled from the sources in `native`; see `compiled_module`."""
    return compiled_module("recommender.peers", NATIVE)
