"""What can go wrong on one's own machine: one sees it, nothing is lost, and the same command again makes it good."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from projects import CHECKOUT, Project, stages_run
from remote.clones import damage, md5, objects, shared, used_by
from remote.servers import Folder

pytestmark = pytest.mark.slow


@contextmanager
def mounted(*arguments: str | Path) -> Iterator[None]:
    """Mount something, the last argument being where, as long as the block runs."""
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mount is not permitted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", arguments[-1]], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write to a folder, root included."""
    if os.geteuid() == 0:
        with mounted("--bind", folder, folder):
            subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
            yield
    else:
        subprocess.run(["chmod", "-R", "a-w", folder], check=True)
        try:
            yield
        finally:
            subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def documented(start: str) -> str:
    """The command in docs/storage.md that starts so."""
    text = (CHECKOUT / "docs/storage.md").read_text(encoding="utf-8")
    found = re.search(f"^{re.escape(start)}.*$|(?<=`){re.escape(start)}[^`]*", text, flags=re.MULTILINE)
    assert found, start
    return found[0]


def test_a_corrupted_object_in_the_cache_is_found_by_the_documented_check(weighty: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    used_by(weighty.copy(tmp_path / "person"), storage).dvc("push")
    colleague = shared(weighty, storage, tmp_path / "colleague")
    colleague.dvc("pull")
    check = documented("find .dvc/cache/files/md5 ")
    assert colleague.run("bash", "-c", check).stdout == ""
    original = md5(colleague.path("data/0.bin"))
    corrupted = objects(colleague.path(".dvc/cache"))[original]
    damage(corrupted)
    colleague.path("data/0.bin").unlink()
    colleague.dvc("checkout")
    # DVC itself takes what is in its cache for right, which is why the check is needed.
    assert md5(colleague.path("data/0.bin")) != original
    assert "up to date" in colleague.dvc("status").stdout

    found = colleague.run("bash", "-c", check, check=False)
    assert found.returncode != 0
    assert found.stdout == f"{corrupted.relative_to(colleague.root)}: FAILED\n"
    corrupted.unlink()
    colleague.dvc("fetch")
    colleague.dvc("checkout", "--relink")
    assert md5(colleague.path("data/0.bin")) == original
    assert colleague.run("bash", "-c", check).stdout == ""


def test_a_disk_that_is_full_is_named_and_with_room_the_pull_goes_on(weighty: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    used_by(weighty.copy(tmp_path / "person"), storage).dvc("push")
    colleague = shared(weighty, storage, tmp_path / "colleague")
    cache = colleague.path(".dvc/cache")
    cache.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=20m", "tmpfs", cache):
        full = colleague.dvc("pull", check=False)
        assert full.returncode != 0
        assert "No space left on device" in full.stderr
        assert all(md5(path) == name for name, path in objects(cache).items())

        subprocess.run(["mount", "-o", "remount,size=200m", cache], check=True)
        colleague.dvc("pull")
        assert len(objects(cache)) == 6
        assert all(md5(path) == name for name, path in objects(cache).items())
        assert list(cache.rglob(".*.tmp"))
        colleague.run("bash", "-c", documented("find .dvc/cache -name "))
        assert not list(cache.rglob(".*.tmp"))
        assert len(objects(cache)) == 6


def test_a_clone_without_a_remote_is_told_so(weighty: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    used_by(weighty.copy(tmp_path / "person"), storage).dvc("push")
    clone = shared(weighty, storage, tmp_path / "clone")
    settings = clone.path(".dvc/config.local")
    settings.unlink()
    told = clone.dvc("pull", check=False)
    assert told.returncode != 0
    assert "no default remote set" in told.stderr
    clone.dvc("remote", "add", "--default", "storage", storage.url)
    clone.dvc("pull")
    assert len(list(clone.path("data").glob("*.bin"))) == 6


def test_two_repros_at_once_do_not_disturb_each_other(project: Project) -> None:
    recorded = project.path("dvc.lock").read_bytes()
    command = [sys.executable, "-m", "dvc", "repro", "--force", "--single-item", "train"]
    with subprocess.Popen(command, cwd=project.root, env=project.env(), stdout=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while project.path("models/lightfm.pkl").exists() and time.monotonic() < deadline:
            time.sleep(0.005)  # DVC removes a stage's outputs before it runs
        second = project.dvc("repro", "--single-item", "train", check=False)
        assert first.wait() == 0
    assert second.returncode != 0
    assert "is busy, it is being blocked by" in second.stderr
    assert project.repro() == []
    assert project.path("dvc.lock").read_bytes() == recorded


def test_with_a_read_only_cache_one_reads_and_what_runs_is_lost_to_nobody(project: Project) -> None:
    model = project.path("models/lightfm.pkl")
    content = model.read_bytes()
    with read_only(project.path(".dvc/cache")):
        model.unlink()
        project.dvc("checkout")
        assert model.read_bytes() == content
        project.replace("params.yaml", "include_seen: false", "include_seen: true")
        refused = project.dvc("repro", "recommend", check=False)
        assert refused.returncode != 0
        assert "Read-only file system" in refused.stderr or "Permission denied" in refused.stderr
        assert model.read_bytes() == content
    done = project.dvc("repro", "recommend").stdout
    assert stages_run(done) == ["params", "recommend"]
    assert "up to date" in project.dvc("status", "recommend").stdout
