"""Ctrl-C stops training at once, and nothing half-made can be used."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import scipy.sparse as sp

from recommender.settings.train import TrainSettings
from recommender.training.core import Trainer

Settings = Callable[..., TrainSettings]

PARAMS = Path(__file__).parents[3] / "params.yaml"

LONG_EPOCH = """
import sys
from pathlib import Path
import numpy as np, scipy.sparse as sp
from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.settings.params_file import read_yaml
from recommender.training.core import Trainer

# Who likes everything finds no negative in all 1,000 draws: an epoch takes ten seconds and more.
interactions = sp.coo_matrix(np.ones((2_000, 1_000), dtype=np.float32))
changed = {"loss": "warp", "no_components": 64, "max_sampled": 1_000}
settings = TrainSettings.model_validate(read_yaml(Path(sys.argv[2]))["train"] | changed)
trainer = Trainer(interactions, settings, num_threads=int(sys.argv[1]))
print("training", flush=True)
try:
    trainer.run_epoch()
except KeyboardInterrupt:
    try:
        trainer.model()
    except RecommenderError as error:
        print(error)
"""


@pytest.mark.parametrize("threads", [1, 8])
def test_ctrl_c_stops_an_epoch_within_two_seconds(threads: int) -> None:
    command = [sys.executable, "-c", LONG_EPOCH, str(threads), str(PARAMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "training\n"
        time.sleep(0.3)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        took = time.monotonic() - start
    assert errors == ""
    assert output == "an epoch was broken off, and the model is half-made; train a new one\n"
    assert took < 2


def train_on_and_on(trainer: Trainer) -> None:
    while True:
        trainer.run_epoch()


def test_what_a_signals_handler_raises_comes_through(interactions: sp.coo_matrix, settings: Settings) -> None:
    class StopError(Exception):
        pass

    def handler(*_: object) -> None:
        raise StopError

    before = signal.signal(signal.SIGALRM, handler)
    trainer = Trainer(interactions, settings(max_sampled=200), num_threads=2)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(StopError):
            train_on_and_on(trainer)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_other_python_threads_go_on_during_an_epoch() -> None:
    command = [
        sys.executable,
        "-c",
        LONG_EPOCH.replace('print("training", flush=True)', OTHER_THREAD),
        "2",
        str(PARAMS),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)


OTHER_THREAD = """
import threading, time
def tell():
    while True:
        time.sleep(0.1)
        print("here", flush=True)
threading.Thread(target=tell, daemon=True).start()
"""
