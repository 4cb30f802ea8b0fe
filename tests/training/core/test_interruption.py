"""Ctrl-C stops training at once, and nothing half-made can be used."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import scipy.sparse as sp

from recommender.errors import RecommenderError
from recommender.settings.peers import HistorySettings
from recommender.settings.train import TrainSettings
from recommender.training.core import HistoryTrainer, Trainer
from recommender.training.core.base_trainer import BaseTrainer

Settings = Callable[..., TrainSettings]
HistorySettingsOf = Callable[..., HistorySettings]

PARAMS = Path(__file__).parents[3] / "params.yaml"

LONG_EPOCH = """
import os, signal, sys, threading, time
from pathlib import Path
import numpy as np, scipy.sparse as sp
from recommender.errors import RecommenderError
from recommender.settings.train import TrainSettings
from recommender.settings.params_file import read_yaml
from recommender.training.core import Trainer

# Users who like everything find no negative in all 5,000 draws: an epoch takes minutes. The others like a program each,
# are dealt over the whole epoch, and learn: how many have learned tells how far the epoch has come.
hungry = sp.coo_matrix(np.ones((400, 5_000), dtype=np.float32))
interactions = sp.vstack([hungry, sp.eye(2_000, 5_000, dtype=np.float32)]).tocoo()
changed = {"loss": "warp", "no_components": 64, "max_sampled": 5_000}
settings = TrainSettings.model_validate(read_yaml(Path(sys.argv[2]))["train"] | changed)
trainer = Trainer(interactions, settings, num_threads=int(sys.argv[1]))
start = trainer._users.embeddings[400:].copy()

def reached():
    return (trainer._users.embeddings[400:] != start).any(axis=1).mean()

def tell():
    begins.wait()
    while not reached():
        time.sleep(0.01)
    print("training", flush=True)

# The main thread gives the interpreter's lock away in an epoch, and nowhere else: who prints, prints during an epoch.
sys.setswitchinterval(1e6)
begins = threading.Event()
other = threading.Thread(target=tell, daemon=True)
other.start()
threads = len(os.listdir("/proc/self/task"))
# What runs in the background is started with Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    begins.set()
    trainer.run_epoch()
except KeyboardInterrupt:
    print("in its first half" if reached() < 0.5 else f"at {reached():.0%}")
    for use in (trainer.run_epoch, trainer.model):
        try:
            use()
        except RecommenderError as error:
            print(error)
    other.join()
    while len(os.listdir("/proc/self/task")) >= threads:  # the system forgets a thread soon after it is joined
        time.sleep(0.01)
    print("no thread is left")
"""
STOPPED = """\
in its first half
an epoch was broken off, and the model is half-made; train a new one
an epoch was broken off, and the model is half-made; train a new one
no thread is left
"""
SAFETY_NET = 600
"""Seconds after which a broken promise ends a test; nothing is measured by them."""


@pytest.mark.parametrize("threads", [1, 8])
def test_python_goes_on_during_an_epoch_and_ctrl_c_breaks_it_off_at_once(threads: int) -> None:
    command = [sys.executable, "-c", LONG_EPOCH, str(threads), str(PARAMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "training\n"
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=SAFETY_NET)
        finally:
            process.kill()
    assert errors == ""
    assert output == STOPPED


def train_until_the_alarm(trainer: BaseTrainer) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    while True:
        trainer.run_epoch()


@pytest.mark.parametrize("family", ["lightfm", "history"])
def test_what_a_signals_handler_raises_comes_through(
    family: str, interactions: sp.coo_matrix, settings: Settings, history_settings: HistorySettingsOf
) -> None:
    class StopError(Exception):
        pass

    def handler(*_: object) -> None:
        raise StopError

    before = signal.signal(signal.SIGALRM, handler)
    trainer = (
        Trainer(interactions, settings(max_sampled=200), num_threads=2)
        if family == "lightfm"
        else HistoryTrainer(interactions, history_settings(max_sampled=200), num_threads=2)
    )
    try:
        with pytest.raises(StopError):
            train_until_the_alarm(trainer)
        with pytest.raises(RecommenderError, match="half-made"):
            trainer.model()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
