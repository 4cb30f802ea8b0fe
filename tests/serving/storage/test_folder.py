"""A folder is a storage for a repository of this machine, and only files in it are objects."""

import os
from pathlib import Path

import pytest
from serving.storage.fetching import CONTENT, KEY, address, failed, fetched, stored

from recommender.serving.storage.transfer import Missing


def test_a_folder_is_given_whole_from_the_configuration_or_from_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for folder, path in (("home/a", "~/a"), ("b", str(tmp_path / "b")), ("c", "../c"), (".dvc/d", "d")):
        stored(tmp_path / folder)
        (tmp_path / ".dvc").mkdir(exist_ok=True)
        assert fetched(address("", "", path=path), tmp_path, tmp_path / ".dvc") == CONTENT


def test_for_a_repository_of_another_machine_a_folder_is_none(tmp_path: Path) -> None:
    stored(tmp_path)
    said = failed(address("", "", path=str(tmp_path)), tmp_path)
    assert said == "its storage is a folder on the machine where it was made"


def test_a_large_object_arrives_whole(tmp_path: Path) -> None:
    content = os.urandom((5 << 20) + 1)
    stored(tmp_path / "a", content)
    assert fetched(address("", "", path="a"), tmp_path, tmp_path, len(content)) == content


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=str(tmp_path / "none")):
        fetched(address("", "", path="none"), tmp_path, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(Missing, match=str(tmp_path / "file")):
        fetched(address("", "", path="file"), tmp_path, tmp_path)


def test_what_is_no_file_or_cannot_be_opened_is_refused_at_once(tmp_path: Path) -> None:
    path = stored(tmp_path / "a")
    where = address("", "", path="a")
    path.unlink()
    os.mkfifo(path)
    assert failed(where, tmp_path, tmp_path) == f"{path} is not a file"
    path.unlink()
    path.symlink_to(path)
    assert failed(where, tmp_path, tmp_path) == f"{tmp_path / 'a' / KEY}: Too many levels of symbolic links"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert failed(where, tmp_path, tmp_path) == f"{path} is not a file"
    path.unlink()
    path.mkdir()
    is_open = len([*Path("/proc/self/fd").iterdir()])
    assert failed(where, tmp_path, tmp_path) == f"{path} is not a file"
    assert len([*Path("/proc/self/fd").iterdir()]) == is_open
