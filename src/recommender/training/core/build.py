"""The compiled module, provided that it was compiled from the sources beside it."""

import hashlib
from pathlib import Path
from types import ModuleType

from recommender.errors import RecommenderError

NATIVE = Path(__file__).parent / "native"


def compiled(native: Path = NATIVE) -> ModuleType:
    """Import the compiled module, unless the sources have changed since: its models would be filed under the new ones.

    Parameters
    ----------
    native
        The folder of the sources; an installation may lack them.

    Raises
    ------
    RecommenderError
        It has not been compiled for this Python, or the sources have changed since.
    """
    try:
        from recommender.training.core import _native
    except ImportError:
        raise RecommenderError("the trainer has not been compiled for this Python; `make venv` does that") from None
    if native.is_dir():
        sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(native.iterdir()))).hexdigest()
        if sources != _native.sources():
            raise RecommenderError(f"{native} has changed since the trainer was compiled; `make venv` compiles it anew")
    return _native
