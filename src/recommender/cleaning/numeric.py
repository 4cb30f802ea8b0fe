"""Text to numbers, all rows at once; what is none is told apart."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
INTEGER = r"^[-+]?\d+$"

LARGEST = 10**18
"""Whole numbers are read up to here; what is beyond is as large."""


def to_numbers(texts: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read decimal numbers.

    Returns
    -------
    numbers : ndarray of shape (n,), float64
    wrong : ndarray of shape (n,), bool
        Where the text is not a finite number.
    """
    try:
        found = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        fits = pc.match_substring_regex(texts, NUMBER)
        found = pc.fill_null(pc.cast(pc.if_else(fits, texts, None), pa.float64()), np.nan)
    numbers = found.to_numpy()
    return numbers, ~np.isfinite(numbers)


def to_integers(texts: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read whole numbers, those beyond plus or minus `LARGEST` as that.

    Returns
    -------
    integers : ndarray of shape (n,), int64
        0 where there is none.
    wrong : ndarray of shape (n,), bool
        Where the text is not a whole number.
    """
    try:
        found = pc.cast(texts, pa.int64())
        if not pc.any(pc.match_substring_regex(texts, "[xX]")).as_py():  # Arrow reads 0x10 as 16
            return np.clip(found.to_numpy(), -LARGEST, LARGEST), np.zeros(len(texts), dtype=bool)
    except pa.ArrowInvalid:
        pass
    plain = pc.replace_substring_regex(
        pc.if_else(pc.match_substring_regex(texts, INTEGER), texts, None), r"^\+?(-?)0*(\d)", r"\1\2"
    )
    bounded = pc.replace_substring_regex(plain, r"^(-?)\d{19,}$", rf"\1{LARGEST}")
    integers = pc.cast(bounded, pa.int64())
    return pc.fill_null(integers, 0).to_numpy(), pc.is_null(integers).to_numpy()
