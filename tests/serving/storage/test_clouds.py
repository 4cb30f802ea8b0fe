"""Google's and Microsoft's clouds are asked by the library that DVC uses for them; here it keeps files in memory."""

import importlib.util
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from serving.storage.fetching import CONTENT, KEY, address, failed, fetched

from recommender.serving.storage.address import Address
from recommender.serving.storage.transfer import Missing


class Cloud(MemoryFileSystem):  # type: ignore[misc]
    """Files in memory, and how they were asked for."""

    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    asked: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self.asked.append(settings)
        super().__init__(*arguments, **settings)

    def open(self, path: str, mode: str = "rb", **settings: Any) -> Any:
        if "closed" in path:
            raise PermissionError("no\nentry" if "silent" not in path else "")
        if mode == "rb":
            self.asked.append(settings)
        return super().open(path, mode, **settings)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    for way in ("gs", "az"):
        monkeypatch.setitem(sys.modules["fsspec.registry"].__dict__["_registry"], way, Cloud)
    Cloud.store.clear()
    made = Cloud(skip_instance_cache=True)
    Cloud.asked.clear()
    return made


def test_an_object_comes_with_the_users_own_login(cloud: Cloud, tmp_path: Path) -> None:
    content = CONTENT * 1_000_000
    cloud.pipe_file(f"bucket/a/{KEY}", content)
    cloud.asked.clear()
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        ("gs", {"projectname": "team"}, {"project": "team"}),
        ("gs", {}, {"project": None}),
        ("azure", {"account_name": "team"}, {"account_name": "team", "anon": False}),
    ]
    for way, options, settings in asked:
        where = Address(way, True, "bucket", None, "/a", options)
        assert fetched(where, tmp_path, size=len(content)) == content
        fetched(where, tmp_path, size=len(content))
        assert cloud.asked == [settings, {"cache_type": "none"}] * 2, "nothing of it is kept for the next time"
        cloud.asked.clear()


def test_what_is_not_there_is_missing_and_what_is_refused_is_one_line(cloud: Cloud, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="gs://bucket/a"):
        fetched(address("gs", "bucket", path="/a"), tmp_path)
    assert failed(address("gs", "closed"), tmp_path) == "no entry"
    assert failed(address("gs", "closed", path="/silent"), tmp_path) == "PermissionError"
    cloud.pipe_file(f"bucket/{KEY}", CONTENT * 2)
    assert "it sends more than the" in failed(address("azure", "bucket"), tmp_path)


@pytest.mark.parametrize(("way", "package"), [("gs", "gcsfs"), ("azure", "adlfs")])
def test_a_package_that_is_not_installed_is_named(way: str, package: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed")
    said = failed(address(way, "bucket"), tmp_path)
    assert said == f"the package {package} is not installed; add it to the environment"
