from typing import TypeAlias

from numpy import float32, int32, int64
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[float32]

def run_epoch(
    row_starts: NDArray[int64],
    positives: NDArray[int32],
    weights: _Floats | None,
    rank_losses: _Floats,
    user_embeddings: _Floats,
    user_accumulators: _Floats,
    user_biases: _Floats,
    user_bias_accumulators: _Floats,
    user_alpha: float,
    item_embeddings: _Floats,
    item_accumulators: _Floats,
    item_biases: _Floats,
    item_bias_accumulators: _Floats,
    item_alpha: float,
    loss: str,
    components: int,
    learning_rate: float,
    seed: int,
    number: int,
    batches: int,
    threads: int,
    instruction_set: str,
    /,
) -> tuple[int, int]: ...
def instruction_sets() -> list[str]: ...
def sources() -> str: ...
