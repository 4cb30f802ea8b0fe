"""What is kept between processes: mirrors of repositories, and artifacts by their hash."""

from pathlib import Path

from platformdirs import user_cache_path


def cache() -> Path:
    """Return the folder of what is kept; it may be deleted at any time."""
    return user_cache_path("recommender")


def cannot_be_kept(error: OSError) -> str:
    """Say that the cache cannot be written, and what decides where it is."""
    return f"{cache()} cannot be used ({error.strerror or error}; XDG_CACHE_HOME says where it is)"
