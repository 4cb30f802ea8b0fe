from typing import Any

from numpy.typing import NDArray

from recommender.peers.inverse import Sweep

Array = NDArray[Any]

def count_common(
    tiles: Array, item_starts: Array, users: Array, user_starts: Array, items: Array, start: int, stop: int, /
) -> None: ...
def find_similar(
    listed: Array,
    values: Array,
    counts: Array,
    item_starts: Array,
    users: Array,
    user_starts: Array,
    items: Array,
    user_weights: Array,
    row_factors: Array,
    column_factors: Array,
    shrinkage: float,
    neighbours: int,
    start: int,
    stop: int,
    /,
) -> None: ...
def sweep_pivot(sweep: Sweep, pivot: int, instruction_set: str, /) -> bool: ...
def sweep_columns(sweep: Sweep, pivot: int, row: int, instruction_set: str, /) -> None: ...
def sweep_row(sweep: Sweep, pivot: int, row: int, instruction_set: str, /) -> None: ...
def add_gram(gram: Array, factors: Array, rows: int, instruction_set: str, /) -> None: ...
def solve_rows(
    solved: Array,
    starts: Array,
    others: Array,
    factors: Array,
    gram: Array,
    penalties: Array,
    n_others: int,
    start: int,
    stop: int,
    instruction_set: str,
    /,
) -> bool: ...
def instruction_sets() -> list[str]: ...
def sources() -> str: ...
