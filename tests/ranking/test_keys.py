"""To compare keys is to apply the tie rule."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.ranking.keys import pack, unpack

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
pair = st.tuples(finite, st.integers(0, 2**32 - 1))


@settings(deadline=None, max_examples=200)
@given(st.lists(pair, min_size=1, max_size=20))
def test_keys_sort_by_higher_score_and_then_lower_item_and_give_both_back(pairs: list[tuple[float, int]]) -> None:
    scores, items = np.array([score for score, _ in pairs], np.float32), np.array([item for _, item in pairs])
    keys = pack(scores, items)
    assert (keys > 0).all()
    expected = sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    found_scores, found_items = unpack(np.sort(keys)[::-1])
    assert list(zip(found_scores.tolist(), found_items.tolist(), strict=True)) == expected


def test_negative_zero_and_denormal_scores_are_in_order() -> None:
    limits = np.finfo(np.float32)
    tiny = limits.smallest_subnormal
    ordered = np.array([limits.min, -1, -limits.tiny, -tiny, 0, tiny, limits.tiny, 1, limits.max], dtype=np.float32)
    keys = pack(ordered, np.zeros(len(ordered), dtype=np.int64))
    assert (keys[:-1] < keys[1:]).all()
    assert unpack(keys)[0].tobytes() == ordered.tobytes()


def test_both_zeros_are_one_score() -> None:
    keys = pack(np.array([-0.0, 0.0], dtype=np.float32), np.array([1, 2]))
    assert keys[0] > keys[1]
