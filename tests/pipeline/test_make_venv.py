"""What the environment lacks is one line that says what to install."""

import os
import subprocess
from pathlib import Path

import pytest
from projects import CHECKOUT

SCRIPT = CHECKOUT / "requirements/make_venv.sh"


def lines(folder: Path, python: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [SCRIPT, folder / "venv", python],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr.splitlines()


def fake_python(folder: Path, version: str) -> str:
    path = folder / "python-of-another-version"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.14"])
def test_a_wrong_python_is_named(version: str, tmp_path: Path) -> None:
    python = fake_python(tmp_path, version)
    expected = (
        f"make venv: '{python}' is Python {version}; this project needs 3.11, 3.12 or 3.13: make PYTHON=python3.12 ..."
    )
    assert lines(tmp_path, python) == [expected]


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "python-that-is-not-there")
    assert line.startswith("make venv: 'python-that-is-not-there' is not there; install Python 3.11, 3.12 or 3.13")


def test_a_missing_compiler_is_named(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "python3", CC="compiler-that-is-not-there")
    assert line.startswith(
        "make venv: 'compiler-that-is-not-there' is not there, and LightFM is compiled from source; "
    )


def test_missing_headers_are_named(tmp_path: Path) -> None:
    python = tmp_path / "python-without-headers"
    python.write_text('#!/bin/sh\ncase "$2" in *version_info*) echo 3.11 ;; *) echo /nowhere ;; esac\n')
    python.chmod(0o755)
    (line,) = lines(tmp_path, str(python))
    assert line.startswith("make venv: Python's headers are not there")
