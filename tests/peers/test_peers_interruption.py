"""Ctrl-C stops the solvers at once, however long they would go on."""

import signal
import subprocess
import sys

import pytest

LONG = """
import os, signal, sys, threading
import numpy as np, scipy.sparse as sp
from recommender.execution import Execution
from recommender.peers.ease import ease
from recommender.peers.ials import ials_epochs
from recommender.settings.peers import EaseSettings, IalsSettings

def work(execution):
    if sys.argv[1] == "ease":
        ease(sp.eye(12_000, format="csr", dtype="float32"), EaseSettings(l2=1.0, most_items=50_000), execution)
    else:
        train = sp.csr_matrix(np.ones((400, 3_000), dtype="float32"))
        settings = IalsSettings(
            no_components=300, epochs=1_000_000, unobserved_weight=1.0, l2=1.0, exponent=1.0, random_state=0
        )
        for epoch in ials_epochs(train, settings, execution.num_threads):
            execution.advance(1)

def tell(steps):
    global told
    if not told:
        told = True
        print("working", flush=True)

told = False
threads = len(os.listdir("/proc/self/task"))
# What runs in the background is started with Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    work(Execution(2, advance=tell))
except KeyboardInterrupt:
    while len(os.listdir("/proc/self/task")) > threads:  # the system forgets a thread soon after it is joined
        pass
    print("stopped, and no thread is left")
"""
SAFETY_NET = 600
"""Seconds after which a broken promise ends a test; nothing is measured by them."""


@pytest.mark.parametrize("solver", ["ease", "ials"])
def test_ctrl_c_breaks_a_solver_off(solver: str) -> None:
    command = [sys.executable, "-c", LONG, solver]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "working\n"
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=SAFETY_NET)
        finally:
            process.kill()
    assert errors == ""
    assert output == "stopped, and no thread is left\n"
