"""Whatever a repository elsewhere gives is read as others read it, or refused in one line.

These are the cases that CI runs, the same each time. `run.py` draws as many others as you like.
"""

from fuzz.foreign import (
    LOCK,
    configs,
    edited,
    holds_for_artifacts,
    holds_for_config,
    holds_for_lock,
    locks,
    model,
    models,
)
from fuzz.test_fuzz import CI
from hypothesis import example, given, settings
from published import MODELS


def test_what_is_damaged_below_is_a_model_a_lock_and_an_address() -> None:
    assert all(holds_for_artifacts(model(kind)) for kind in MODELS)
    assert holds_for_lock(LOCK.rpartition(b"\n    - path")[0])
    assert holds_for_config(b"[core]\nremote = a\n['remote \"a\"']\nurl = s3://bucket/x\nregion = eu-west-1\n")


@settings(CI, max_examples=600)
@given(models())
# Bytes before the archive, which only some readers take.
@example(model() | {"factors.npz": edited(model()["factors.npz"], [("insert", 0.0, b"\0")])})
@example(model() | {"factors.npz": model("weights of neighbours")["factors.npz"]})
def test_a_model_is_read_as_others_read_it_or_refused(case: dict[str, bytes]) -> None:
    holds_for_artifacts(case)


@settings(CI, max_examples=300)
@given(locks())
@example(b"[" * 100_000)
@example(b"stages: &a [*a, *a]\n")
@example(b"stages:\n  train: []\n")
@example(edited(LOCK, [("set", 1.0, b"\t")]))
def test_a_lock_is_read_as_others_read_it_or_refused(case: bytes) -> None:
    holds_for_lock(case)


@settings(CI, max_examples=600)
@given(configs())
def test_a_configuration_gives_an_address_of_a_harmless_form_or_is_refused(case: bytes) -> None:
    holds_for_config(case)
