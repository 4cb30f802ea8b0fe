"""Tables for a terminal or a log."""

import sys
from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from recommender.text import printable


def print_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = (), title: str | None = None
) -> None:
    """Print a table: fitted to the width of a terminal, and with nothing cut elsewhere."""
    table = Table(
        box=box.SIMPLE, title=printable(title or "") or None, title_justify="left", title_style="bold", pad_edge=False
    )
    for name in header:
        table.add_column(printable(name), justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    width = None if sys.stdout.isatty() else 500
    Console(width=width, highlight=False, markup=False, soft_wrap=False).print(table)
