"""The compiled code by itself: it refuses what it cannot read, and the sanitizers find nothing."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.training import core
from recommender.training.core import _native
from recommender.training.core.histories import Histories
from recommender.training.core.method import Machine, Method
from recommender.training.core.positives import Positives
from recommender.training.core.rows import Rows

NATIVE = Path(core.__file__).parent / "native"
SOURCES = sorted(path for path in NATIVE.glob("*.c") if path.name != "module.c")
DRIVER = Path(__file__).parent / "driver.c"


MODELS = "same: 8422a5074f4a13c8\nsame, histories: 03b2bdd4f0b83673\n"
"""What the driver prints, however it is compiled: with it changes each model that anybody has trained."""


def rows_of_ones(n: int, no_components: int) -> Rows:
    ones = np.ones((n, no_components), dtype=np.float32)
    return Rows.of(ones, ones, ones[:, 0], ones[:, 0])


def arguments(**changed: Any) -> list[Any]:
    """Give what `run_epoch` takes for two users with one and two of three items; ``users__biases`` is a field."""
    groups: dict[str, Any] = {
        "positives": Positives(np.array([0, 1, 3]), np.array([2, 0, 1], dtype=np.int32), None),
        "users": rows_of_ones(2, 2),
        "items": rows_of_ones(3, 2),
        "method": Method("warp", 2, 0.05, 0.0, 0.0, np.ones(4, dtype=np.float32), 1, 42),
        "machine": Machine(1, "baseline"),
    }
    for name, value in changed.items():
        group, _, field = name.partition("__")
        groups[group] = groups[group]._replace(**{field: value}) if field else value
    return [0, *groups.values()]


def history_arguments(**changed: Any) -> list[Any]:
    """Give what `run_history_epoch` takes for the same data; ``histories__visits`` is a field."""
    histories = Histories(
        rows_of_ones(3, 2), np.array([0, 1], dtype=np.float32), np.array([1, 2], dtype=np.int32), 2**31
    )
    own = {name: value for name, value in changed.items() if name.partition("__")[0] != "histories"}
    number, positives, _, *others = arguments(**own)
    for name, value in changed.items():
        group, _, field = name.partition("__")
        if group == "histories":
            histories = histories._replace(**{field: value}) if field else value
    return [number, positives, histories, *others]


def beside_a_cache_line(count: int) -> NDArray[np.float32]:
    memory = np.ones(count + 32, dtype=np.float32)
    start = -(memory.ctypes.data // 4) % 16 + 1
    return memory[start : start + count]


def test_what_is_right_is_taken() -> None:
    violations, draws = _native.run_epoch(*arguments())
    assert 0 < violations <= 3 <= draws <= 12
    violations, draws = _native.run_history_epoch(*history_arguments())
    assert 0 < violations <= 2 <= draws <= 8


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("positives__row_starts", np.array([0, 3]), "row_starts has 16 bytes; it must have 24"),
        ("positives__row_starts", np.array([1, 1, 3]), "items that there are, ascending"),
        ("positives__row_starts", np.array([0, 4, 3]), "items that there are, ascending"),
        ("positives__row_starts", np.array([0, 1, 2]), "row_starts must end with the number of positives"),
        ("positives__items", np.array([], dtype=np.int32), "at least 1"),
        ("positives__items", np.array([3, 0, 1], dtype=np.int32), "items that there are, ascending"),
        ("positives__items", np.array([-1, 0, 1], dtype=np.int32), "items that there are, ascending"),
        ("positives__items", np.array([2, 1, 1], dtype=np.int32), "items that there are, ascending"),
        ("positives__weights", np.ones(2, dtype=np.float32), "weights has 8 bytes; it must have 12"),
        ("method__rank_losses", np.array([], dtype=np.float32), "at least 1"),
        ("items__embeddings", np.ones((3, 15), dtype=np.float32), "embeddings has 180 bytes; it must have 192"),
        ("items__embeddings", beside_a_cache_line(3 * 16), "embeddings is not aligned"),
        ("users__biases", np.ones(0, dtype=np.float32), "between 1 and 2"),
        ("method__loss", "warm", "there is no loss 'warm'"),
        ("method__no_components", 0, "components must be at least 1"),
        ("method__no_components", 2**31 - 1, "components must be at least 1, and not too many"),
        ("method__batches", 0, "at least 1"),
        ("method__batches", 2**32, "not too many"),
        ("machine__threads", 0, "at least 1"),
        ("machine__instruction_set", "abacus", "this CPU has no instruction set 'abacus'"),
    ],
)
def test_what_would_be_read_wrong_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _native.run_epoch(*arguments(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("histories__weights", np.ones(0, dtype=np.float32), "between 1 and 2"),
        ("histories__weights", np.ones(1, dtype=np.float32), "visits has 8 bytes; it must have 4"),
        ("histories__visits", np.ones(3, dtype=np.int32), "visits has 12 bytes; it must have 8"),
        ("histories__visits", np.array([1, 0], dtype=np.int32), "visits must be at least 1"),
        ("histories__dropout", 2**32, "dropout must be below 2"),
        (
            "histories__sources",
            Rows.of(*(np.ones(shape, np.float32) for shape in ((2, 2), (2, 2), 2, 2))),
            "as many so",
        ),
        (
            "histories__sources",
            Rows.of(*(np.ones(shape, np.float32) for shape in ((3, 17), (3, 17), 3, 3))),
            "sources.em",
        ),
        ("histories", Histories(None, None, None, 0), "must be tuple, not None"),  # type: ignore[arg-type]
        ("method__loss", "bpr", "the loss must be 'warp'"),
        ("positives__row_starts", np.array([0, 3]), "row_starts has 16 bytes; it must have 24"),
    ],
)
def test_histories_that_would_be_read_wrong_are_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        _native.run_history_epoch(*history_arguments(**{name: value}))


@pytest.mark.parametrize("group", ["positives", "users", "items", "method", "machine"])
@pytest.mark.parametrize("value", [None, (), (1, 2, 3, 4, 5, 6, 7, 8), ("warp",), [1]])
def test_a_group_that_is_another_is_refused(group: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        _native.run_epoch(*arguments(**{group: value}))
    with pytest.raises((TypeError, ValueError)):
        _native.run_history_epoch(*history_arguments(**{"histories" if group == "users" else group: value}))


def test_arrays_that_cannot_be_written_are_refused() -> None:
    frozen = np.ones(3, dtype=np.float32)
    frozen.flags.writeable = False
    with pytest.raises((TypeError, ValueError, BufferError)):
        _native.run_epoch(*arguments(items__biases=frozen))


FIELDS = [
    f"{group}__{field}"
    for group, fields in {
        "positives": Positives._fields,
        "users": Rows._fields,
        "items": Rows._fields,
        "method": Method._fields,
        "machine": Machine._fields,
        "histories": Histories._fields,
    }.items()
    for field in fields
]
ODD: list[Any] = [
    None, "", "bpr", "wa\0rp", "avx2", b"", b"12345678", -1, 0, 1, 7, 2**32, 2**63, 2**64, 0.5, np.nan, np.inf, (), [1],
    *(np.ones(n, dtype) for n in (1, 2, 3, 4, 32, 48) for dtype in (np.float32, np.int32, np.int64)),
    np.arange(4), np.array([0, 3, 3]), np.array([0, 2**62, 3]), np.array([-(2**62), 1, 3]),
    np.arange(3, dtype=np.int32), np.full((3, 16), np.nan, np.float32), np.ones((3, 32), np.float32)[:, ::2],
    np.ones((16, 3), np.float32).T,
]  # fmt: skip


@limits(max_examples=500, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(ODD), min_size=1, max_size=3))
def test_whatever_it_is_given_it_trains_or_refuses(changed: dict[str, Any]) -> None:
    given_arrays = {
        name: value.copy("K") if isinstance(value, np.ndarray) else value for name, value in changed.items()
    }
    with_histories = any(name.startswith("histories") for name in changed)
    if with_histories:
        given_arrays = {name: value for name, value in given_arrays.items() if not name.startswith("users")}
    try:
        if with_histories:
            violations, draws = _native.run_history_epoch(*history_arguments(**given_arrays))
        else:
            violations, draws = _native.run_epoch(*arguments(**given_arrays))
    except (TypeError, ValueError, OverflowError, BufferError):
        return
    assert 0 <= violations <= draws


@pytest.mark.slow
@pytest.mark.parametrize("flags", [["-O0", "-fsanitize=address,undefined"], ["-O1", "-fsanitize=thread"]], ids=str)
def test_the_sanitizers_find_nothing_and_the_models_are_those_of_every_build(flags: list[str], tmp_path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("clang")
    assert compiler
    program = tmp_path / "driver"
    always = ["-std=c11", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-psabi", "-Werror", "-pthread"]
    files = [*map(str, SOURCES), str(DRIVER), "-lm", "-o", str(program)]
    command = [compiler, *always, *flags, "-g", "-fno-sanitize-recover=all", "-I", str(NATIVE), *files]
    subprocess.run(command, check=True)
    found = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == MODELS
