"""What a killed run leaves behind is mended, said in a line, and nothing that existed is lost."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml
from projects import Project

RWLOCK = ".dvc/tmp/rwlock"
REPAIR = [sys.executable, "-m", "recommender", "repair"]


@pytest.fixture
def checkout(shipped: Project, tmp_path: Path) -> Project:
    """A clone of one's own in which nothing has been run, with its `dvc.lock`; enough where DVC is not needed."""
    project = shipped.copy(tmp_path / "project")
    project.path(".dvc/tmp").mkdir(exist_ok=True)
    return project


def refused(project: Project) -> str:
    done = project.recommender("repair", check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stdout + done.stderr
    return done.stderr


def mended(project: Project) -> str:
    done = project.recommender("repair")
    assert done.stderr == ""
    assert project.recommender("repair").stdout == "", "what is mended stays so"
    return done.stdout


def kept(project: Project) -> list[bytes]:
    return [path.read_bytes() for path in project.path(".dvc/tmp/broken").glob("dvc.lock.*")]


def cut(project: Project, at: int) -> bytes:
    """Cut `dvc.lock` off, and return what it was."""
    path = project.path("dvc.lock")
    whole = path.read_bytes()
    path.write_bytes(whole[:at])
    return whole


@contextmanager
def started(project: Project, *command: str) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        command,
        cwd=project.root,
        env=project.env(),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)  # and what it has started
        running.communicate()


@contextmanager
def stage_at_work(project: Project) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run `dvc repro` until a stage is at work, and stop that stage there."""
    project.replace("params.yaml", "  k: 10\n  include_seen: false", "  k: 9\n  include_seen: false")
    # The stage stops itself before it does anything.
    stage = project.path("src/recommender/stages/params.py")
    stage.write_text(f"import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n{stage.read_text()}")
    with started(project, sys.executable, "-m", "dvc", "repro", "params") as repro:
        pid = stopped_below(project.root)
        try:
            yield repro, pid
        finally:
            with_signal(pid, signal.SIGKILL)


def stopped_below(root: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stopped = (entry / "stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
                if stopped and (entry / "cwd").readlink() == root.resolve():
                    return int(entry.name)
            except OSError:
                continue
        time.sleep(0.01)
    pytest.fail("no stage stopped itself")


def with_signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def test_where_nothing_is_broken_nothing_is_said_or_written_and_dvc_is_not_loaded(checkout: Project) -> None:
    checkout.path(".dvc/tmp").rmdir()
    before = {path: path.stat().st_mtime_ns for path in checkout.root.rglob("*") if "__pycache__" not in str(path)}
    code = "import sys; from recommender.cli import main; main(['repair']); print('dvc' in sys.modules)"
    assert checkout.run(sys.executable, "-B", "-c", code).stdout == "False\n"
    after = {path: path.stat().st_mtime_ns for path in checkout.root.rglob("*") if "__pycache__" not in str(path)}
    assert after == before


def test_make_repro_begins_with_it(checkout: Project) -> None:
    commands = checkout.run("make", "--just-print", "--assume-old=.venv/.complete", "repro").stdout.splitlines()
    assert commands.index("recommender repair") < commands.index("dvc repro")


@pytest.mark.parametrize("content", [b"", b'{"write": {"/a', b"[]", b'{"write": {"/a": 3}}', b"\0\0\0", b"\xff"])
def test_a_list_of_who_works_on_what_that_was_cut_off_is_begun_anew(content: bytes, checkout: Project) -> None:
    checkout.path(RWLOCK).write_bytes(content)
    assert mended(checkout) == "DVC's list of paths in use (.dvc/tmp/rwlock) was cut off: it is deleted\n"
    assert not checkout.path(RWLOCK).exists()


@pytest.mark.slow
def test_dvc_stops_at_an_empty_list_and_goes_on_after_the_repair(project: Project) -> None:
    project.path(RWLOCK).write_bytes(b"")
    assert "JSON structure is corrupted" in project.dvc("repro", check=False).stderr
    mended(project)
    assert project.repro() == []


def test_a_process_that_got_the_number_of_a_killed_dvc_does_not_block(checkout: Project) -> None:
    entry = {"pid": 1, "cmd": "dvc repro"}
    with started(checkout, "sleep", "60") as stranger, started(checkout, "sleep", "60") as other:
        theirs = {"pid": stranger.pid, "cmd": "/usr/bin/dvc repro"}
        read = {"/data/a": [theirs], "/data/b": [{**theirs, "pid": other.pid}, {**entry, "pid": 2**22 + 1}]}
        checkout.path(RWLOCK).write_text(json.dumps({"write": {"/data/c": theirs}, "read": read}))
        assert "named processes that are not DVC's" in mended(checkout)
    left = json.loads(checkout.path(RWLOCK).read_text())
    assert left == {"read": {"/data/b": [{**entry, "pid": 2**22 + 1}]}}, "DVC itself takes out those that have ended"


@pytest.mark.parametrize("at", [0, 1, 8192, 16384, 20_000, -1])
def test_a_lock_that_was_cut_off_is_as_git_has_it_and_what_was_there_is_kept(at: int, checkout: Project) -> None:
    whole = cut(checkout, at)
    said = mended(checkout)
    assert said.startswith("dvc.lock ")
    assert "it is as Git has it (the broken one is .dvc/tmp/broken/dvc.lock." in said
    assert checkout.path("dvc.lock").read_bytes() == whole
    assert kept(checkout) == [whole[:at]]
    assert checkout.git("status", "--short") == ""


@pytest.mark.slow
def test_nothing_is_trained_twice_after_a_lock_was_cut_off(project: Project) -> None:
    project.replace("params.yaml", "epochs: 20", "epochs: 2")
    project.replace("params.yaml", "  k: 10\n  include_seen: false", "  k: 9\n  include_seen: false")
    project.dvc("repro")
    whole = cut(project, 8192)
    assert "as Git has it" in mended(project)
    assert project.path("dvc.lock").read_bytes() == whole, "DVC staged it, so Git has it though nobody committed it"

    cut(project, 8192)
    project.git("reset", "--quiet")
    mended(project)
    done = project.dvc("repro").stdout
    assert re.findall(r"Stage '(\w+)' is cached", done) == [
        "params",
        "search",
        "backtest",
        "learning_curve",
        "train",
        "recommend",
        "report",
    ]
    assert project.path("dvc.lock").read_bytes() == whole
    assert "up to date" in project.dvc("status").stdout

    # Whole entries lost from the last stage cannot be told from an older run; DVC fills them in by itself.
    cut(project, whole.rindex(b"    - path:"))
    project.recommender("repair")
    assert "Running stage" not in project.dvc("repro").stdout
    assert project.path("dvc.lock").read_bytes() == whole


def test_a_lock_that_git_never_had_is_begun_anew(checkout: Project) -> None:
    checkout.git("rm", "--quiet", "--cached", "dvc.lock")
    checkout.git("commit", "--quiet", "--message", "Forget it")
    cut(checkout, 10_000)
    assert "it is deleted, since Git has none" in mended(checkout)
    assert not checkout.path("dvc.lock").exists()
    assert len(kept(checkout)[0]) == 10_000


def test_a_lock_that_somebody_deleted_stays_deleted(checkout: Project) -> None:
    checkout.path("dvc.lock").unlink()
    assert mended(checkout) == ""
    assert not checkout.path("dvc.lock").exists()


def test_a_lock_that_a_merge_left_in_conflict_is_left_to_whoever_merges(checkout: Project) -> None:
    for branch, k in (("mine", "2"), ("theirs", "3")):
        checkout.git("checkout", "--quiet", "-b", branch, "main")
        checkout.replace("dvc.lock", "every: 1\n", f"every: {k}\n")
        checkout.commit()
    assert checkout.run("git", "merge", "mine", check=False).returncode
    content = checkout.path("dvc.lock").read_bytes()
    assert b"<<<<<<<" in content
    assert "dvc.lock has merge conflicts; `git checkout --ours dvc.lock`" in refused(checkout)
    assert checkout.path("dvc.lock").read_bytes() == content


@pytest.mark.slow
def test_an_index_that_was_left_locked_stops_dvc_and_is_unlocked(project: Project) -> None:
    project.path(".git/index.lock").touch()
    project.replace("params.yaml", "  k: 10\n  include_seen: false", "  k: 9\n  include_seen: false")
    assert "index.lock" in project.dvc("repro", "recommend", check=False).stderr
    assert "Git's index was left locked" in mended(project)
    project.git("add", "dvc.lock")


def test_an_index_that_git_has_locked_stays_locked(checkout: Project) -> None:
    checkout.replace("README.md", "#", "##")
    checkout.environment["GIT_EDITOR"] = "sleep 60;"
    lock = checkout.path(".git/index.lock")
    cut(checkout, 100)
    with started(checkout, "git", "hash-object", "--stdin"):
        assert "dvc.lock ends in the middle" in mended(checkout), "a Git that only reads is no hindrance"
    with started(checkout, "git", "commit", "--all"):
        deadline = time.monotonic() + 60
        while not lock.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        message = refused(checkout)
        assert "`git commit --all`, is at work here; wait until it has ended" in message
        assert lock.exists()


@pytest.mark.slow
def test_an_unfinished_entry_of_the_run_cache_is_not_taken_for_the_newest(project: Project) -> None:
    lock = yaml.safe_load(project.path("dvc.lock").read_text())
    (entry,) = (
        path
        for path in project.path(".dvc/cache/runs").glob("??/*/*")
        if "stages.matrix" in (text := path.read_text()) and "ids.json" in text
    )
    unfinished = entry.with_name(".AAAAAAAAAAAAAAAAAAAAAA.tmp")
    unfinished.write_text(entry.read_text()[: entry.read_text().rindex("- path:")])
    del lock["stages"]["matrix"]
    project.path("dvc.lock").write_text(yaml.safe_dump(lock, sort_keys=False))
    project.commit("A state in which matrix has not run")
    for out in ("data/matrix/ids.json", "models/lightfm_dataset.pkl"):
        project.path(out).unlink()
    assert project.dvc("repro", "matrix", check=False).returncode, (
        "DVC takes the outputs of the unfinished entry for all"
    )
    assert "unfinished entry" in mended(project)
    assert "Stage 'matrix' is cached" in project.dvc("repro", "matrix").stdout

    # The same stage, killed before DVC had written anything of its first entry.
    entry.unlink()
    project.git("checkout", "--quiet", "HEAD", "dvc.lock")
    project.path("data/matrix/ids.json").unlink()
    assert "failed to reproduce 'matrix': join() argument" in project.dvc("repro", "matrix", check=False).stderr
    assert "unfinished entry" in mended(project)
    assert "Running stage 'matrix'" in project.dvc("repro", "matrix").stdout


def test_a_cache_elsewhere_is_looked_into(checkout: Project, tmp_path: Path) -> None:
    entry = tmp_path / "cache/runs/aa/aaaa/.AAAAAAAAAAAAAAAAAAAAAA.tmp"
    entry.parent.mkdir(parents=True)
    entry.touch()
    checkout.path(".dvc/config.local").write_text(f"[cache]\n    dir = {tmp_path}/cache\n")
    assert "unfinished entry" in mended(checkout)
    assert not entry.exists()


@pytest.mark.slow
def test_a_stage_that_goes_on_after_its_dvc_was_killed_is_waited_for(project: Project) -> None:
    with stage_at_work(project) as (repro, stage):
        assert mended(project) == "", "a stage whose DVC is there is that DVC's"
        repro.kill()
        repro.wait()
        with started(project, *REPAIR) as repair:
            assert repair.stdout
            said = repair.stdout.readline()
            assert said == f"the stage params of a killed run is still at work: waiting for process {stage} to end\n"
            assert repair.poll() is None
            os.kill(stage, signal.SIGKILL)
            assert repair.wait(60) == 0


@pytest.mark.slow
def test_while_dvc_is_at_work_nothing_is_touched(project: Project) -> None:
    with stage_at_work(project) as (repro, _):
        whole = cut(project, 8192)
        message = refused(project)
        assert f"process {repro.pid}, " in message
        assert "is at work here; wait until it has ended, then run this again (dvc.lock ends in the middle)" in message
        assert project.path("dvc.lock").read_bytes() == whole[:8192]


@pytest.mark.parametrize("name", ["lock", "rwlock.lock"])
def test_while_dvc_holds_its_lock_nothing_is_touched(name: str, checkout: Project) -> None:
    cut(checkout, 0)
    with checkout.path(f".dvc/tmp/{name}").open("w") as stream:
        stream.write(f" {os.getpid()}\n")
        stream.flush()
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert f"process {os.getpid()}, " in refused(checkout)
    assert checkout.path("dvc.lock").read_bytes() == b""
    assert "is empty" in mended(checkout)


def test_two_repairs_at_once_mend_once(checkout: Project) -> None:
    whole = cut(checkout, 9000)
    with started(checkout, *REPAIR) as first, started(checkout, *REPAIR) as second:
        said = [one.communicate(timeout=60) for one in (first, second)]
        assert (first.returncode, second.returncode) == (0, 0), said
    assert sorted(bool(out) for out, _ in said) == [False, True]
    assert checkout.path("dvc.lock").read_bytes() == whole
    assert len(kept(checkout)) == 1


def test_without_git_it_says_so_in_one_line(checkout: Project, tmp_path: Path) -> None:
    cut(checkout, 9000)
    checkout.path(".git").rename(tmp_path / "elsewhere")
    assert "no Git repository to bring it back from" in refused(checkout)
    assert len(checkout.path("dvc.lock").read_bytes()) == 9000
    (tmp_path / "elsewhere").rename(checkout.path(".git"))
    checkout.environment["PATH"] = str(tmp_path)
    assert "git cannot be run" in refused(checkout)


def test_in_a_folder_that_cannot_be_written_it_says_so_in_one_line(checkout: Project) -> None:
    cut(checkout, 9000)
    if os.geteuid() == 0:
        command = 'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" && "$@"'
        done = checkout.run("unshare", "--mount", "bash", "-c", command, "_", *REPAIR, check=False)
        if "unshare" in done.stderr or "mount" in done.stderr:
            pytest.skip(f"mount is not permitted here: {done.stderr.strip()}")
    else:
        checkout.path(".dvc/tmp").chmod(0o500)
        done = checkout.run(*REPAIR, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "what a killed run left behind cannot be repaired: " in done.stderr
    assert len(checkout.path("dvc.lock").read_bytes()) == 9000


def test_in_a_worktree_and_below_a_repository_it_works_too(checkout: Project, tmp_path: Path) -> None:
    checkout.git("worktree", "add", "--quiet", str(tmp_path / "outer"))
    worktree = Project(tmp_path / "outer")
    whole = cut(worktree, 100)
    assert "as Git has it" in mended(worktree)
    (tmp_path / "outer/inner").mkdir()
    for name in (".dvc", "dvc.yaml", "dvc.lock", "params.yaml", "src"):
        worktree.path(name).rename(tmp_path / "outer/inner" / name)
    worktree.commit("Move it into a folder")
    inner = Project(tmp_path / "outer/inner")
    cut(inner, 100)
    assert "as Git has it" in mended(inner)
    assert inner.path("dvc.lock").read_bytes() == whole
