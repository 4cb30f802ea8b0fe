"""What the machine refuses, and what nobody means, is one line and an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from projects import Project

FILES = ("users", "programs", "interactions")


@pytest.fixture
def fresh(shipped: Project, tmp_path: Path) -> Project:
    return shipped.copy(tmp_path / "project")


def said(project: Project, *arguments: str, code: int = 1) -> str:
    done = project.recommender(*arguments, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def without_rights(*command: str) -> list[str]:
    """A command for whom rights hold, also where the tests are run by root."""
    return ["setpriv", "--bounding-set=-all", *command] if os.geteuid() == 0 else list(command)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--seed", "-1"), "argument --seed: '-1' is not a whole number of at least 0 and at most 4294967295"),
        (("--seed", "9" * 30), "is not a whole number of at least 0 and at most 4294967295"),
        (("--users", "0"), "argument --users: '0' is not a whole number of at least 1 and at most 1000000000"),
        (("--users", str(10**30)), "is not a whole number of at least 1"),
        (("--programs", "9" * 10_000), "…' is not a whole number of at least 1"),
        (("--interactions", "1e9"), "'1e9' is not a whole number of at least 1"),
    ],
)
def test_a_sample_of_no_size_is_wrong_usage(arguments: tuple[str, str], message: str, shipped: Project) -> None:
    error = said(shipped, "sample", "--to", "/nowhere", *arguments, code=2)
    assert message in error
    assert len(error) < 1000


def test_a_k_that_no_list_has_gives_all_there_is(reproduced: Project) -> None:
    for user in ("u_0", "nobody"):
        done = reproduced.recommender(
            "recommend", user, "-k", str(10**30), "--include-seen", "--fallback", "popular", "--format", "csv"
        )
        assert len(done.stdout.splitlines()) == 51
    assert "invalid int value" in said(reproduced, "recommend", "u_0", "-k", "9" * 5000, code=2)


def test_a_missing_dvc_folder_is_named_with_the_way_back(fresh: Project, tmp_path: Path) -> None:
    fresh.path(".dvc").rename(tmp_path / "elsewhere")
    files = [f"--{name}={fresh.path(f'data/raw/{name}.csv')}" for name in FILES]
    for command in (["sample"], ["import", *files]):
        assert "there is no folder .dvc in" in said(fresh, *command)
        assert "`git checkout .dvc` brings it back" in said(fresh, *command)


def test_a_folder_in_place_of_a_file_is_one_line(fresh: Project) -> None:
    fresh.path("params.yaml").unlink()
    fresh.path("params.yaml").mkdir()
    error = said(fresh, "check")
    assert error.startswith("recommender: ")
    assert "params.yaml cannot be read: Is a directory" in error
    assert len(error.splitlines()) == 1


def test_a_file_in_place_of_a_folder_is_one_line(fresh: Project) -> None:
    raw = fresh.path("data/raw")
    raw.rename(fresh.path("data/elsewhere"))
    raw.write_text("")
    error = said(fresh, "sample", "--force")
    assert error == f"recommender: {raw}: File exists; move it away; something else belongs there\n"


def test_what_may_not_be_read_or_written_is_one_line(fresh: Project, tmp_path: Path) -> None:
    python = [sys.executable, "-m", "recommender"]
    data = tmp_path / "data"
    data.mkdir()
    for name in FILES:
        (data / f"{name}.csv").write_bytes(fresh.path(f"data/raw/{name}.csv").read_bytes())
    files = [f"--{name}={data}/{name}.csv" for name in FILES]
    closed = {
        fresh.path("params.yaml"): ("check",),
        data / "users.csv": ("import", *files),
        fresh.path(".dvc"): ("sample",),
    }
    for path, arguments in closed.items():
        mode = path.stat().st_mode
        path.chmod(0o500 if path.is_dir() else 0)
        try:
            command = without_rights(*python, *arguments)
            done = subprocess.run(command, cwd=fresh.root, env=fresh.env(), capture_output=True, text=True, check=False)
        finally:
            path.chmod(mode)
        assert done.returncode == 1
        assert f"{path.name}" in done.stderr
        assert "Permission denied" in done.stderr
        if arguments != ("check",):
            assert "; get permission for it (`ls -ld` shows who has it)" in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("recommend", "u_0", "--format", "csv"), ("summary",), ("info",)])
def test_output_that_nobody_takes_is_one_line(arguments: tuple[str, ...], reproduced: Project) -> None:
    command = [sys.executable, "-m", "recommender", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command,
            cwd=reproduced.root,
            env=reproduced.env(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "recommender: writing or reading failed: No space left on device; free some space there\n"
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command],
        cwd=reproduced.root, env=reproduced.env(), stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in closed.stderr


def test_csv_of_recommendations_is_read_as_it_was(reproduced: Project) -> None:
    done = reproduced.recommender("recommend", '=1\r\n,"x', "--fallback", "popular", "-k", "1", "--format", "csv")
    assert done.stdout.startswith('"user_id","rank","program_id","title","score"\n"=1\n,""x",1,"p_')
