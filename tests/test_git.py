"""Git runs on the repository that is meant, says what failed in one line, and is given up when it stalls."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from published import Published

import recommender.git
from recommender.errors import RecommenderError
from recommender.git import AT_MOST, LOCATIONS, Stalled, attempt, git, said, transfer, without_password


def complaint(heard: bytes, code: int = 128) -> str:
    return said(subprocess.CompletedProcess([], code, b"", heard))


def test_a_complaint_is_one_line_without_progress_and_passwords() -> None:
    heard = (
        b"Receiving: 1%\rReceiving: 2%\r\nwarning:  odd\x1b\xff\n\nfatal: https://me:secret@host/x and ssh://me@host\n"
    )
    assert complaint(heard) == "warning: odd\\x1b\ufffd fatal: https://host/x and ssh://host"
    assert complaint(b"Receiving: 1%\rfatal: no") == "fatal: no"
    assert complaint(b"\n \n", 3) == "exit code 3"


def test_a_failed_clone_does_not_name_the_folder_that_it_was_for(tmp_path: Path) -> None:
    problem = transfer(tmp_path, "clone", "--bare", "--progress", "--", (tmp_path / "none").as_uri(), tmp_path / "copy")
    assert problem
    assert "does not appear to be a git repository" in problem
    assert "Cloning" not in problem
    assert "copy" not in problem


def test_of_a_long_complaint_the_end_is_shown() -> None:
    assert (AT_MOST, recommender.git.SILENCE, recommender.git.PATIENCE) == (300, 60, 1800), "as docs/security.md says"
    assert complaint(b"x" * 300) == "x" * 300
    assert complaint(b"y" + b"x" * 300) == "... " + "x" * 300


def test_who_one_is_is_left_out_of_every_url() -> None:
    assert without_password("a://b:c@d/e@f http://g@h i@j k://l/m@n") == "a://d/e@f http://h i@j k://l/m@n"


def test_git_gives_what_it_prints_or_says_what_failed(small: Published) -> None:
    assert git(small.root, "rev-parse", "--abbrev-ref", "HEAD") == b"main\n"
    with pytest.raises(RecommenderError, match=f"`git log` in {small.root} failed: fatal: .*none"):
        git(small.root, "log", "none")
    done = attempt(small.root, "cat-file", "blob", "none")
    assert (done.returncode, done.stdout) == (128, b"")
    assert b"none" in done.stderr


def test_what_git_tells_its_hooks_leads_nowhere_else(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LOCATIONS:
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert git(small.root, "ls-files") == b"file\n"
    assert git(small.root, "status", "--short") == b""
    assert transfer(small.root, "fetch", small.url) is None


def test_replaced_objects_and_patterns_play_no_part(small: Published) -> None:
    head = small.git("rev-parse", "HEAD").strip()
    small.write("other", "x")
    small.git("replace", head, small.commit("Other"))
    assert git(small.root, "log", "--format=%s", head) == b"Begin\n"
    assert git(small.root, "ls-files", "--", "*") == b""


def test_git_asks_nobody_and_speaks_english(small: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    assert b"fatal: " in attempt(small.root, "log", "none").stderr


@pytest.fixture
def input_of_ones_own() -> Iterator[None]:
    """What this process could read, in the place of its standard input."""
    kept = os.dup(0)
    with tempfile.TemporaryFile() as stream:
        stream.write(b"url: https://127.0.0.1:9/x\n")
        stream.seek(0)
        os.dup2(stream.fileno(), 0)
        yield
    os.dup2(kept, 0)
    os.close(kept)


@pytest.mark.usefixtures("input_of_ones_own")
def test_git_reads_nothing_and_a_transfer_prints_nothing(small: Published, capfd: pytest.CaptureFixture[str]) -> None:
    empty = b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n"
    assert attempt(small.root, "hash-object", "--stdin").stdout == empty
    assert transfer(small.root, "hash-object", "-w", "--stdin") is None
    assert transfer(small.root, "ls-remote", small.url) is None
    assert git(small.root, "cat-file", "-t", empty.decode().strip()) == b"blob\n"
    assert capfd.readouterr() == ("", "")


def test_a_transfer_tells_what_went_wrong(small: Published, tmp_path: Path) -> None:
    copy = tmp_path / "copy.git"
    assert transfer(tmp_path, "clone", "--quiet", "--bare", "--", small.url, copy) is None
    assert git(copy, "rev-parse", "main") == git(small.root, "rev-parse", "main")
    problem = transfer(tmp_path, "clone", "--", small.url, copy)
    assert problem
    assert "already exists and is not an empty directory" in problem
    assert "not allowed" in (transfer(tmp_path, "clone", "--", f"ext::touch {tmp_path}/evidence", "x") or "")
    assert not (tmp_path / "evidence").exists()


def helper(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of ssh."""
    (folder / "ssh").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(folder / "ssh"))


def ended(path: Path) -> bool:
    """Wait until the process whose id is in a file has ended."""
    process = Path(f"/proc/{path.read_text().strip()}/stat")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if " Z " in process.read_text():
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_a_transfer_that_is_silent_is_ended_with_all_that_it_started(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, f"sleep 60 &\necho $! > {tmp_path}/pid\nwait", monkeypatch)
    monkeypatch.setattr(recommender.git, "SILENCE", 0.3)
    with pytest.raises(Stalled, match="the other side said nothing for 0 seconds"):
        transfer(small.root, "fetch", "ssh://127.0.0.1/x.git")
    assert ended(tmp_path / "pid")


def test_a_transfer_that_talks_for_ever_is_ended(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, "for n in $(seq 400); do echo Receiving >&2; sleep 0.05; done", monkeypatch)
    monkeypatch.setattr(recommender.git, "PATIENCE", 0.6)
    start = time.monotonic()
    with pytest.raises(Stalled, match="it took more than 1 seconds"):
        transfer(small.root, "fetch", "ssh://127.0.0.1/x.git")
    assert 0.6 <= time.monotonic() - start < 20


def test_a_silence_does_not_outlast_the_whole_time_that_a_transfer_has(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, "exec sleep 60", monkeypatch)
    monkeypatch.setattr(recommender.git, "PATIENCE", 0.6)
    with pytest.raises(Stalled, match="it took more than 1 seconds"):
        transfer(small.root, "fetch", "ssh://127.0.0.1/x.git")


def test_a_transfer_that_talks_now_and_then_is_waited_for(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(
        tmp_path, "for n in 1 2 3 4 5 6; do sleep 0.2; echo $n >&2; done; echo $SSH_ASKPASS_REQUIRE >&2", monkeypatch
    )
    monkeypatch.setattr(recommender.git, "SILENCE", 0.9)
    problem = transfer(small.root, "fetch", "ssh://127.0.0.1/x.git")
    assert problem
    assert problem.startswith("1 2 3 4 5 6 never fatal: ")


def test_of_much_that_is_said_the_end_is_kept(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, "head -c 300000 /dev/zero | tr '\\0' x >&2; echo the end >&2", monkeypatch)
    problem = transfer(small.root, "fetch", "ssh://127.0.0.1/x.git") or ""
    assert problem.startswith("... ")
    assert "x the end" in problem.replace("xthe", "x the")


def test_of_what_a_server_says_without_end_a_little_is_held() -> None:
    command = ["sh", "-c", "head -c 1000000 /dev/zero; echo the end"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        heard = recommender.git._listened(process, process.stdout)
    assert heard == bytes(4096 - 8) + b"the end\n"


def test_a_transfer_that_closes_its_mouth_and_stays_is_ended(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60 2>&-\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(recommender.git, "SILENCE", 0.3)
    with pytest.raises(Stalled, match="Git does not exit"):
        transfer(small.root, "fetch")
    assert ended(tmp_path / "pid")
