"""The core's compiled module."""

from pathlib import Path
from types import ModuleType

from recommender.native.compiled import compiled_module

NATIVE = Path(__file__).parent / "native"


def compiled(native: Path = NATIVE) -> ModuleType:
    """Import the module that was compiled from the sources in `native`; see `compiled_module`."""
    return compiled_module("recommender.training.core", native)
