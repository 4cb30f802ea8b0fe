"""Powers with the same bits everywhere."""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

import numpy as np
from numpy.typing import NDArray

_EXACT = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def powers(bases: NDArray[np.number], exponent: float) -> NDArray[np.float64]:
    """Raise numbers to a power; `numpy.power` and the C library give other last bits on other CPUs and versions.

    Parameters
    ----------
    bases
        Shape (n,), positive and finite. Each distinct number takes some microseconds.
    exponent
        Finite.

    Returns
    -------
    numpy.ndarray
        Shape (n,): exp(exponent * ln(base)) by `decimal`, in which both functions are correctly rounded, to 40 digits;
        infinity and 0 where float64 ends.
    """
    distinct, places = np.unique(bases, return_inverse=True)
    power = Decimal(exponent)
    found = [float(_EXACT.exp(_EXACT.multiply(power, _EXACT.ln(Decimal(base))))) for base in distinct.tolist()]
    return np.array(found, dtype=np.float64)[places]
