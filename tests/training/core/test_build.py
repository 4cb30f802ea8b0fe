"""Whoever compiles it, with whatever flags: the same bytes, or one line that says what is missing."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import scipy.sparse as sp
from lightfm import LightFM
from training.trained import by_core

from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training.core import HistoryTrainer, base_trainer

Settings = Callable[..., TrainSettings]
HistorySettingsOf = Callable[..., HistorySettings]
Fingerprint = Callable[[LightFM], str]

PROJECT = Path(__file__).parents[3]


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build_ext", f"--build-lib={folder}", f"--build-temp={folder}"],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_compiler_is_named_in_one_line(tmp_path: Path) -> None:
    built = build(tmp_path, CC="no-such-compiler")
    assert built.returncode != 0
    assert built.stderr.splitlines()[-1].startswith("recommender: the C compiler 'no-such-compiler' is not there")
    assert "Traceback" not in built.stderr


@pytest.mark.slow
def test_careless_compiler_flags_do_not_show_in_the_model(
    weighted: sp.coo_matrix,
    settings: Settings,
    history_settings: HistorySettingsOf,
    fingerprint: Fingerprint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def trained() -> list[str]:
        history = HistoryTrainer(weighted, history_settings(item_alpha=1e-3), num_threads=2)
        history.run_epoch()
        return [fingerprint(by_core(weighted, settings(), num_threads=2)), fingerprint(history.model())]

    expected = trained()
    built = build(tmp_path, CFLAGS="-Ofast -march=native -ffp-contract=fast", LDFLAGS="-Ofast")
    assert built.returncode == 0, built.stderr
    (library,) = tmp_path.rglob("core/_native*.so")
    spec = importlib.util.spec_from_file_location("_native", library)
    assert spec
    assert spec.loader
    careless = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(careless)
    monkeypatch.setattr(base_trainer, "compiled", lambda: careless)
    assert trained() == expected
