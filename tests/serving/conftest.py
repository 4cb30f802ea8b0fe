"""Fixtures: a small published project, and a home folder of its own for whoever loads it."""

from pathlib import Path

import pytest
from serving.small import ENVIRONMENT, Published, published


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """Somebody else's project; this process has a home folder and a cache of its own."""
    home = tmp_path / "home"
    home.mkdir()
    for name, value in {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), **ENVIRONMENT}.items():
        monkeypatch.setenv(name, value)
    return published(tmp_path / "stranger")
