"""`recommender recommend`: recommend programs to users, from the checkout or any revision."""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from recommender.cli._revision import add_revision_to
from recommender.text import printable_json, printable_lines

if TYPE_CHECKING:
    from recommender.serving.recommender import Recommendation


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("recommend", help="recommend programs to users", description=__doc__)
    parser.add_argument("user_ids", nargs="+", metavar="USER_ID", help="an id from users.csv")
    parser.add_argument("-k", type=int, default=10, help="the most programs for a user (default: %(default)s)")
    parser.add_argument("--include-seen", action="store_true", help="also recommend what the user already has")
    parser.add_argument(
        "--fallback",
        choices=["error", "popular"],
        default="error",
        help="for an unknown user: an error, or the most popular programs (default: %(default)s)",
    )
    add_revision_to(parser)
    parser.add_argument(
        "--format", choices=["table", "json", "csv"], default="table", help="output format (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print the recommendations."""
    from recommender.serving.recommender import Recommender

    recommender = Recommender.load(args.rev, args.repo)
    found = {
        user_id: recommender.recommend(user_id, args.k, include_seen=args.include_seen, fallback=args.fallback)
        for user_id in args.user_ids
    }
    PRINTERS[args.format](found)
    for user_id, rows in found.items():
        if not rows:
            print(f"user {user_id!r} already has all that can be recommended; --include-seen shows it", file=sys.stderr)


Found = dict[str, "list[Recommendation]"]


def _print_table(found: Found) -> None:
    from recommender.cli._table import print_table

    rows = [[user_id, *_texts(row)] for user_id, rows in found.items() for row in rows]
    print_table(["user", "rank", "program", "title", "score"], rows, right=("rank", "score"))


def _texts(row: "Recommendation") -> Iterable[str]:
    return str(row.rank), row.program_id, row.title, f"{row.score:.4f}"


def _print_json(found: Found) -> None:
    content = {user_id: [row._asdict() for row in rows] for user_id, rows in found.items()}
    print(printable_json(content))


def _print_csv(found: Found) -> None:
    import pyarrow as pa

    from recommender.files.csv_files import csv_bytes

    types = {"user_id": pa.string(), "rank": pa.int64(), "program_id": pa.string(), "title": pa.string()}
    schema = pa.schema(types | {"score": pa.float64()})
    rows = [{"user_id": user_id} | row._asdict() for user_id, rows in found.items() for row in rows]
    text = csv_bytes(pa.Table.from_pylist(rows, schema)).decode()
    # A file or another program gets each cell as it is; a terminal gets nothing that controls it.
    sys.stdout.write(printable_lines(text) if sys.stdout.isatty() else text)


PRINTERS = {"table": _print_table, "json": _print_json, "csv": _print_csv}
