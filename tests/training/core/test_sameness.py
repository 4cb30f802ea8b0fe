"""The same bytes, whoever computes them."""

import ctypes
import itertools
import multiprocessing
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import scipy.sparse as sp
from lightfm import LightFM
from training.trained import by_core

from recommender.settings.train import TrainSettings
from recommender.training.core import Trainer, _native

Settings = Callable[..., TrainSettings]
Fingerprint = Callable[[LightFM], str]

VARIANTS: list[dict[str, Any]] = [
    {},
    {"loss": "bpr"},
    {"no_components": 64},
    {"no_components": 100, "max_sampled": 3},
    {"item_alpha": 1e-4, "user_alpha": 1e-3},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_threads_and_instruction_sets_do_not_show_in_the_model(
    variant: dict[str, Any], weighted: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    chosen = settings(**variant)

    def trained(threads: int, instruction_set: str) -> str:
        trainer = Trainer(weighted, chosen, threads, instruction_set)
        for _ in range(2):
            trainer.run_epoch()
        return fingerprint(trainer.model())

    tried = {key: trained(*key) for key in itertools.product((1, 2, 3, 16), _native.instruction_sets())}
    assert len(set(tried.values())) == 1, tried


def test_each_run_gives_the_same_and_each_seed_another(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    assert len({fingerprint(by_core(interactions, settings(), num_threads=2)) for _ in range(5)}) == 1
    assert fingerprint(by_core(interactions, settings())) != fingerprint(
        by_core(interactions, settings(random_state=1))
    )


def test_epochs_can_be_divided_up(interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint) -> None:
    trainer = Trainer(interactions, settings(epochs=1), num_threads=2)
    for done in range(1, 6):
        trainer.run_epoch()
        in_one_go = by_core(interactions, settings(epochs=done))
        assert fingerprint(trainer.model()) == fingerprint(in_one_go)


def test_the_order_of_the_entries_does_not_show_in_the_model(
    weighted: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    other_order = weighted.tocsc().tocoo()
    assert (other_order.row != weighted.row).any()
    assert fingerprint(by_core(other_order, settings())) == fingerprint(by_core(weighted, settings()))


def _spin() -> None:
    while True:
        pass


@contextmanager
def load(processes: int) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    spinning = [context.Process(target=_spin, daemon=True) for _ in range(processes)]
    for process in spinning:
        process.start()
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.join()


def test_load_on_the_cores_does_not_show_in_the_model(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    at_rest = fingerprint(by_core(interactions, settings()))
    with load(processes=2):
        under_load = {fingerprint(by_core(interactions, settings(), num_threads=threads)) for threads in (2, 3, 2, 3)}
    assert under_load == {at_rest}


@pytest.mark.skipif(platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc", reason="FE_UPWARD of x86-64")
def test_a_rounding_mode_left_behind_by_another_library_does_not_show_in_the_model(
    interactions: sp.coo_matrix, settings: Settings, fingerprint: Fingerprint
) -> None:
    libm, to_nearest, upward = ctypes.CDLL("libm.so.6"), 0, 0x800
    trainer, undisturbed = (Trainer(interactions, settings()) for _ in range(2))
    undisturbed.run_epoch()
    assert libm.fesetround(upward) == 0
    try:
        trainer.run_epoch()
        assert libm.fegetround() == upward
    finally:
        libm.fesetround(to_nearest)
    assert fingerprint(trainer.model()) == fingerprint(undisturbed.model())
