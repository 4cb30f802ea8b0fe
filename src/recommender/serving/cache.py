"""The cache between processes: mirrors of repositories, and artifacts by their hash."""

from pathlib import Path

from platformdirs import user_cache_path


def cache() -> Path:
    """Return the folder of the cache, which may be deleted at any time."""
    return user_cache_path("recommender")


def cannot_be_kept(error: OSError) -> str:
    """Explain that the cache cannot be used, and what decides where it is."""
    return f"the cache {cache()} cannot be used ({error.strerror or error}; XDG_CACHE_HOME sets where it is)"
