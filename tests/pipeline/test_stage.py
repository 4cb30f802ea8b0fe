"""A stage knows only what `dvc.yaml` declares, and ends with one line that helps."""

import subprocess
import sys
from pathlib import Path

import pytest

from recommender.pipeline.stage import Stage

DECLARED = """
stages:
  copy:
    cmd: python copy.py
    deps: [data/in.txt, requirements/some.lock]
    outs: [data/out.txt]
    metrics:
      - metrics/count.json:
          cache: false
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dvc.yaml").write_text(DECLARED)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/some.lock").write_text("# a comment\nnumpy==2.4.6 \\\n    --hash=sha256:00\n")
    (tmp_path / "params.yaml").write_text("execution:\n  num_threads: 0\n  progress: true\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_stage_finds_what_is_declared_and_nothing_else() -> None:
    stage = Stage("copy")
    assert stage.dep("in.txt") == Path("data/in.txt")
    assert stage.out("out.txt") == Path("data/out.txt")
    assert stage.out("count.json") == Path("metrics/count.json")
    with pytest.raises(LookupError) as error:
        stage.dep("out.txt")
    assert str(error.value) == (
        "stage copy asks for the dependency 'out.txt', and dvc.yaml declares none of that name; "
        "it declares data/in.txt, requirements/some.lock"
    )
    for undeclared in ("in.txt", "data/out.txt"):
        with pytest.raises(
            LookupError, match=r"stage copy asks for the output .* declares data/out.txt, metrics/count.json"
        ):
            stage.out(undeclared)


def ended(folder: Path, body: str) -> tuple[int, list[str]]:
    program = f"from recommender.pipeline.stage import *\ndef stage(s):\n    {body}\nrun('copy', stage)"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.splitlines()


def test_a_users_mistake_is_one_line_and_the_way_back(folder: Path) -> None:
    code, lines = ended(folder, "raise RecommenderError('in.txt is empty; fill it')")
    assert code == 1
    assert lines == [
        "in.txt is empty; fill it",
        "stage copy: its last good outputs come back with `dvc checkout --force`",
    ]


def test_an_interrupted_stage_says_so(folder: Path) -> None:
    code, lines = ended(folder, "raise KeyboardInterrupt")
    assert code == 130
    assert lines[0] == "stage copy was interrupted; `dvc repro` goes on from here"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("open('requirements')", "requirements: Is a directory; move the folder away; a file belongs there"),
        ("open('dvc.yaml/x')", "dvc.yaml/x: Not a directory; move the file away; a folder belongs there"),
        ("open('loop')", "loop: Too many levels of symbolic links; fix the link, which points back to itself"),
        ("open('x' * 300)", "x" * 300 + ": File name too long; use a shorter name"),
        (
            "open('/dev/full', 'w', buffering=1).write('\\n')",
            "writing or reading failed: No space left on device; free some space there",
        ),
        ("open('no\\x1b[31m')", "'no\\x1b[31m': No such file or directory; bring it back (`git checkout` or "),
        ("[0] * 10**17", "there is not enough memory for this; free some, or use smaller data or settings"),
        (
            "'\\udce9'.encode()",
            "'\\udce9' cannot be written in utf-8; set PYTHONUTF8=1, or use an encoding that has it",
        ),
        ("b'\\xe9'.decode()", "text cannot be read: 'utf-8' codec can't decode byte 0xe9 in position 0"),
    ],
)
def test_what_the_machine_refuses_is_one_line_and_the_way_back(body: str, line: str, folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    code, lines = ended(folder, body)
    assert code == 1
    assert lines[0].startswith(line)
    assert lines[1:] == ["stage copy: its last good outputs come back with `dvc checkout --force`"]


def test_a_mistake_of_the_program_keeps_its_traceback(folder: Path) -> None:
    code, lines = ended(folder, "s.dep('x')")
    assert code == 1
    assert lines[0].startswith("Traceback")
    assert lines[-1].startswith("LookupError: stage copy asks for the dependency 'x'")


def test_a_missing_group_of_settings_is_named(folder: Path) -> None:
    (folder / "params.yaml").write_text("train: {}\n")
    code, lines = ended(folder, "with s.work('rows', 1): pass")
    assert code == 1
    assert lines[0].startswith("params.yaml: execution is missing")


def test_another_version_than_the_locked_one_is_refused_before_any_work(folder: Path) -> None:
    (folder / "requirements/some.lock").write_text("numpy==1.0.0 \\\n    --hash=sha256:00\n")
    code, lines = ended(folder, "print('worked')")
    assert code == 1
    assert "requirements/some.lock names 1.0.0; `make venv` brings them together" in lines[0]
