"""Numbers and lists as sentences and tables have them."""

from collections.abc import Iterable


def count(number: float) -> str:
    """Format a whole number."""
    return f"{number:,.0f}"


def share(part: float, whole: float = 1) -> str:
    """Format a share as percent, and small ones so that they do not look like none."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return (
        f"{percent:.0f} %"
        if 1 <= percent <= 99 or percent == 100
        else f"{percent:.2g} %"
        if percent < 1
        else f"{percent:.1f} %"
    )


def decimal(number: float) -> str:
    """Format a metric."""
    return f"{number:.3f}"


def interval(low: float, high: float) -> str:
    """Format an interval."""
    return f"{low:.3f} to {high:.3f}"


def listed(names: Iterable[str]) -> str:
    """Join names as a sentence does."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
