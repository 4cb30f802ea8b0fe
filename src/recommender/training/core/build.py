"""Whether the compiled module is that of the sources beside it."""

import hashlib
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.training.core import _native

NATIVE = Path(__file__).parent / "native"


def require_current(native: Path = NATIVE) -> None:
    """Refuse to train by a module that was compiled from other sources: its model would be filed under these.

    Parameters
    ----------
    native
        The folder of the sources; an installation may lack them.

    Raises
    ------
    RecommenderError
        The sources have changed since.
    """
    if not native.is_dir():
        return
    sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(native.iterdir()))).hexdigest()
    if sources != _native.sources():
        raise RecommenderError(f"{native} has changed since the trainer was compiled; `make venv` compiles it anew")
