"""The compiled modules of packages, provided that they were compiled from the sources beside them."""

import hashlib
import importlib
from pathlib import Path
from types import ModuleType

from recommender.errors import RecommenderError

SHARED = Path(__file__).parent
"""The folder of the headers that all of them include."""


def compiled_module(package: str, native: Path) -> ModuleType:
    """Import a package's `_native`, unless its sources have changed since: models would be filed under the new ones.

    Parameters
    ----------
    package
        The name of the package.
    native
        The folder of its own sources; an installation may lack them.

    Raises
    ------
    RecommenderError
        It has not been compiled for this Python, or the sources have changed since.
    """
    try:
        module = importlib.import_module(f"{package}._native")
    except ImportError:
        raise RecommenderError("the trainer has not been compiled for this Python; `make venv` does that") from None
    if native.is_dir():
        files = [*sorted(native.iterdir()), *sorted(SHARED.glob("*.h"))]  # as setup.py has them
        sources = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
        if sources != module.sources():
            raise RecommenderError(f"{native} has changed since the trainer was compiled; `make venv` compiles it anew")
    return module
