"""The solvers by themselves: they refuse what they cannot read, and the sanitizers find nothing."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from recommender import peers
from recommender.peers import _native
from recommender.peers.inverse import TILE, Sweep
from recommender.peers.pairs import Pairs
from recommender.peers.solvers import solvers

NATIVE = Path(peers.__file__).parent / "native"
SOURCES = sorted(path for path in NATIVE.glob("*.c") if path.name != "module.c")
DRIVER = Path(__file__).parent / "driver.c"

RESULTS = "same: 00e552f5e1edcec6\n"
"""What the driver prints, however it is compiled: with it changes each model that anybody has trained."""

PAIRS = Pairs.of(sp.csr_matrix(np.array([[1, 1, 0], [0, 1, 1]], dtype=np.float32)))


def sweep() -> Sweep:
    made = Sweep.of(3)
    for array in made:
        array[:] = 0
    made.tiles[0] += 2 * np.eye(TILE)
    return made


CALLS: dict[str, tuple[Callable[..., Any], Callable[[], list[Any]]]] = {
    "count_common": (_native.count_common, lambda: [np.zeros((1, TILE, TILE)), *PAIRS, 0, 1]),
    "find_similar": (
        _native.find_similar,
        lambda: [
            np.zeros((3, 2), np.int32), np.zeros((3, 2), np.float32), np.zeros(3, np.int64), *PAIRS,
            np.ones(2), np.ones(3), np.ones(3), 0.0, 2, 0, 3,
        ],
    ),
    "sweep_pivot": (_native.sweep_pivot, lambda: [sweep(), 0, "baseline"]),
    "sweep_columns": (_native.sweep_columns, lambda: [sweep(), 0, 0, "baseline"]),
    "sweep_row": (_native.sweep_row, lambda: [sweep(), 0, 0, "baseline"]),
    "add_gram": (_native.add_gram, lambda: [np.zeros((16, 16)), np.ones((3, 16)), 3, "baseline"]),
    "solve_rows": (
        _native.solve_rows,
        lambda: [
            np.zeros((2, 16)), PAIRS.user_starts, PAIRS.items, np.ones((3, 16)), np.eye(16), np.ones(2), 3, 0, 2,
            "baseline",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_what_is_right_is_taken(name: str) -> None:
    function, arguments = CALLS[name]
    assert function(*arguments()) in (None, True)


@pytest.mark.parametrize(
    ("name", "place", "value", "message"),
    [
        ("count_common", 0, np.zeros((2, TILE, TILE)), "tiles has 262144 bytes; it must have 131072"),
        ("count_common", 1, np.array([0, 3, 2, 4]), "starts must ascend"),
        ("count_common", 1, np.array([1, 2, 3, 4]), "starts must ascend"),
        ("count_common", 1, np.array([], dtype=np.int64), "a start of each row"),
        ("count_common", 2, np.array([0, 0, 2, 1], dtype=np.int32), "columns beyond the last"),
        ("count_common", 4, np.array([0, 1, -1, 2], dtype=np.int32), "columns beyond the last"),
        ("count_common", 5, 2, "no such range"),
        ("count_common", 6, 2, "no such range"),
        ("find_similar", 0, np.zeros((3, 1), np.int32), "items has 12 bytes; it must have 24"),
        ("find_similar", 1, np.zeros((3, 3), np.float32), "values has 36 bytes; it must have 24"),
        ("find_similar", 2, np.zeros(2, np.int64), "counts has 16 bytes; it must have 24"),
        ("find_similar", 7, np.ones(3), "user_weights has 24 bytes; it must have 16"),
        ("find_similar", 8, np.ones(2), "row_factors has 16 bytes; it must have 24"),
        ("find_similar", 9, np.ones(4), "column_factors has 32 bytes; it must have 24"),
        ("find_similar", 11, 0, "not so many neighbours"),
        ("find_similar", 11, 4, "not so many neighbours"),
        ("find_similar", 13, 4, "no such range"),
        ("sweep_pivot", 0, (np.zeros(3),) * 4, "has 24 bytes"),
        ("sweep_pivot", 1, 1, "no such row"),
        ("sweep_pivot", 1, -1, "no such row"),
        ("sweep_pivot", 2, "abacus", "this CPU has no instruction set 'abacus'"),
        ("sweep_row", 2, 2**63 - 1, "no such row"),
        ("add_gram", 0, np.zeros((0, 0)), "rows must have components"),
        ("add_gram", 0, np.zeros((15, 15)), "gram has 1800 bytes; it must have 2048"),
        ("add_gram", 2, 4, "factors has 384 bytes; it must have 512"),
        ("add_gram", 2, -1, "not so many rows"),
        ("solve_rows", 0, np.zeros((2, 15)), "solved has 240 bytes; it must have 256"),
        ("solve_rows", 2, np.array([0, 1, 1, 3], dtype=np.int32), "columns beyond the last"),
        ("solve_rows", 5, np.ones(3), "penalties has 24 bytes; it must have 16"),
        ("solve_rows", 8, 3, "no such range"),
    ],
)
def test_what_would_be_read_wrong_is_refused(name: str, place: int, value: Any, message: str) -> None:
    function, arguments = CALLS[name]
    given_arguments = arguments()
    given_arguments[place] = value
    with pytest.raises(ValueError, match=message):
        function(*given_arguments)


ODD: list[Any] = [
    None, "", "avx2", "base\0line", b"", b"12345678", -1, 0, 1, 2, 7, 2**31, 2**63 - 1, -(2**63), 2**64, 0.5, np.nan,
    (), (1, 2, 3, 4), [1],
    *(np.ones(n, dtype) for n in (0, 1, 2, 3, 4, 48) for dtype in (np.float32, np.int32, np.int64)),
    np.arange(4), np.array([0, 2**62, 4]), np.array([-(2**62), 1, 3]), np.zeros((3, 32))[:, ::2], np.zeros((16, 3)).T,
]  # fmt: skip


@limits(max_examples=500, deadline=None)
@given(
    st.sampled_from(sorted(CALLS)), st.dictionaries(st.integers(0, 13), st.sampled_from(ODD), min_size=1, max_size=3)
)
def test_whatever_it_is_given_it_computes_or_refuses(name: str, changed: dict[int, Any]) -> None:
    function, arguments = CALLS[name]
    given_arguments = arguments()
    for place, value in changed.items():
        if place < len(given_arguments):
            given_arguments[place] = value.copy("K") if isinstance(value, np.ndarray) else value
    try:
        assert function(*given_arguments) in (None, True, False)
    except (TypeError, ValueError, OverflowError, BufferError):
        return


def test_a_matrix_that_is_not_positive_definite_is_told() -> None:
    for value in (0.0, -1.0, np.nan, np.inf):
        made = sweep()
        made.tiles[0, 5, 5] = value
        assert not _native.sweep_pivot(made, 0, "baseline")


def test_the_installed_module_is_that_of_the_sources() -> None:
    assert solvers() is _native


@pytest.mark.slow
@pytest.mark.parametrize("flags", [["-O0", "-fsanitize=address,undefined"], ["-Ofast"]], ids=str)
def test_the_sanitizers_find_nothing_and_the_results_are_those_of_every_build(flags: list[str], tmp_path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("clang")
    assert compiler
    program = tmp_path / "driver"
    always = [
        "-std=c11",
        "-Wno-psabi",
        "-fno-fast-math",
        "-ffp-contract=off",
        "-fno-math-errno",
        "-Wall",
        "-Wextra",
        "-Werror",
    ]
    files = [*map(str, SOURCES), str(DRIVER), "-lm", "-o", str(program)]
    command = [compiler, *flags, *always, "-g", "-fno-sanitize-recover=all", "-I", str(NATIVE), *files]
    subprocess.run(command, check=True)
    found = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == RESULTS
