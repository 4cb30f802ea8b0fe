"""Numbers and lists as sentences and tables have them."""

from collections.abc import Iterable

import numpy as np


def count(number: float) -> str:
    """Format a whole number."""
    return f"{number:,.0f}"


def share(part: float, whole: float = 1) -> str:
    """Format a share as percent, so that little does not look like none, and almost all not like all."""
    percent = 100 * part / whole if whole else 0
    if percent < 1:
        return f"{small(percent)} %"
    if 99 < percent < 100:
        return f"{100 - float(small(100 - percent)):.10g} %"
    return f"{percent:,.0f} %"


def small(number: float) -> str:
    """Format what may be far below 1 with the two digits that count."""
    return np.format_float_positional(number, precision=2, fractional=False, trim="-")


def decimal(number: float) -> str:
    """Format a metric with three decimals, or more where these would show next to nothing."""
    return f"{number:.3f}" if not number or abs(number) >= 0.01 else small(number)


def interval(low: float, high: float) -> str:
    """Format an interval."""
    return f"{decimal(low)} to {decimal(high)}"


def listed(names: Iterable[str]) -> str:
    """Join names as a sentence does."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
