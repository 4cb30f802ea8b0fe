"""The mutation tester tells a change that the tests notice from one that they let live."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = '''"""A toy."""


def clamp(value: int, highest: int = 9) -> int:
    """Keep a number from 0 to the highest."""
    if value > 0:
        return min(value, highest)
    return 0
'''
TEST = """from recommender.toy.clamp import clamp


def test_what_is_between_is_kept() -> None:
    assert clamp(5) == 5


def test_what_is_below_is_lifted() -> None:
    assert clamp(-3) == 0
"""
EQUIVALENT = """
[["toy/clamp.py"]]
why = "0 is 0 either way."
changes = [["if value > 0:", "if value >= 0:"], ["if value > 0:", "if value > -1:"]]
"""
STALE = """
[["toy/clamp.py"]]
why = "It used to be."
changes = [["if value > 100:", "if value >= 100:"]]
"""
SURVIVORS = {
    "if value > 0:": {"if value > 1:"},
    "def clamp(value: int, highest: int = 9) -> int:": {
        "def clamp(value: int, highest: int = 10) -> int:",
        "def clamp(value: int, highest: int = 8) -> int:",
    },
}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    for file, text in {
        "src/recommender/__init__.py": "",
        "src/recommender/toy/clamp.py": SOURCE,
        "tests/toy/test_clamp.py": TEST,
        "tests/mutation/equivalent.toml": EQUIVALENT,
        "pyproject.toml": "[tool.pytest.ini_options]\nfilterwarnings = ['error']\n",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    return tmp_path


def run(root: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(__file__).with_name("run.py")
    return subprocess.run([sys.executable, tool, "--root", root, "toy"], capture_output=True, text=True, check=False)


def test_what_the_tests_let_live_is_reported_and_so_is_what_is_no_longer_there(toy: Path) -> None:
    with (toy / "tests/mutation/equivalent.toml").open("a") as listed:
        listed.write(STALE)
    done = run(toy)
    assert done.returncode == 1, done.stderr
    for before, changes in SURVIVORS.items():
        for after in changes:
            assert f"  - {before}\n  + {after}\n" in done.stdout
    assert "if value > 100:" in done.stdout
    assert "toy: 11 made, 6 killed, 2 equivalent, 3 alive" in done.stdout


def test_all_is_well_once_the_tests_notice_all_that_matters(toy: Path) -> None:
    more = "\n\ndef test_limits() -> None:\n    assert [clamp(at) for at in (1, 9, 99)] == [1, 9, 9]\n"
    (toy / "tests/toy/test_clamp.py").write_text(TEST + more)
    done = run(toy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("toy: 11 made, 9 killed, 2 equivalent, 0 alive")


def test_tests_that_fail_by_themselves_prove_nothing(toy: Path) -> None:
    (toy / "tests/toy/test_clamp.py").write_text(TEST.replace("== 5", "== 6"))
    done = run(toy)
    assert done.returncode == 1
    assert "they fail without any change" in done.stderr
