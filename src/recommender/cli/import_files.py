"""`recommender import`: take your CSV files into the project, under DVC's control, with their columns mapped.

Everything is checked before anything is replaced. Without a users or programs file, the users or programs are those of
the interactions. Files that have a header and are all written alike are copied as they are; others are written anew, in
UTF-8 with commas and a header.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from recommender.errors import RecommenderError
from recommender.importing.request import COLUMNS, GivenFile, ImportRequest
from recommender.project import RAW, project_root
from recommender.text import printable

MAPPED = tuple(dict.fromkeys(name for names in COLUMNS.values() for name in names))
DELIMITERS = {"\\t": "\t", "tab": "\t", "space": " "}
"""Names of delimiters that are hard to type."""

Value = TypeVar("Value")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        help="take your CSV files into the project",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=(
            "example, with the files of MovieLens:\n"
            "  recommender import --interactions ratings.csv --programs movies.csv \\\n"
            "      --map user_id=userId --map program_id=movieId --map interaction=rating \\\n"
            "      --positive-threshold 4\n\n"
            "and of its older sets, which have no header:\n"
            "  recommender import --interactions u.data --programs u.item --no-header \\\n"
            "      --delimiter tab --delimiter programs='|' --encoding latin-1 \\\n"
            "      --map user_id=1 --map program_id=2 --map interaction=3 --map timestamp=4 \\\n"
            "      --map programs.program_id=1 --map title=2 --positive-threshold 4"
        ),
    )
    parser.add_argument("--interactions", type=Path, required=True, metavar="CSV", help="who did what")
    parser.add_argument("--users", type=Path, metavar="CSV", help="(default: the users of the interactions)")
    parser.add_argument("--programs", type=Path, metavar="CSV", help="(default: the programs of the interactions)")
    parser.add_argument(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="how your files call a column: NAME is "
        + ", ".join(MAPPED)
        + ", or users.NAME, programs.NAME, interactions.NAME for one file alone; COLUMN is its name or, without a "
        "header, its position from 1; an empty COLUMN: there is none",
    )
    parser.add_argument(
        "--no-header",
        nargs="?",
        choices=tuple(COLUMNS),
        action="append",
        default=[],
        metavar="FILE",
        help="no file, or not FILE (users, programs or interactions), has its columns' names in the first line",
    )
    parser.add_argument(
        "--encoding",
        type=_for_table,
        action="append",
        default=[],
        metavar="[FILE=]NAME",
        help="such as latin-1, or users=latin-1 for one file alone (default: what params.yaml has)",
    )
    parser.add_argument(
        "--delimiter",
        type=_for_table,
        action="append",
        default=[],
        metavar="[FILE=]CHARACTER",
        help="what stands between two cells: one character, tab (or \\t) or space, or users=tab and the like for one "
        "file alone (default: what params.yaml has)",
    )
    parser.add_argument("--positive-threshold", type=float, help="(default: what params.yaml has)")
    parser.add_argument("--unknown-ids", choices=["error", "drop"], help="(default: what params.yaml has)")
    parser.add_argument("--bad-rows", choices=["error", "drop"], help="(default: what params.yaml has)")
    parser.add_argument("--force", action="store_true", help="write over raw files that neither Git nor DVC has")
    parser.set_defaults(run=run)


def _mapping(text: str) -> tuple[str, str | None]:
    name, separator, column = text.partition("=")
    if not separator or name.rpartition(".")[2] not in MAPPED:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=COLUMN with a NAME out of {', '.join(MAPPED)}")
    return name, column or None


def _for_table(text: str) -> tuple[str, str]:
    table, separator, value = text.partition("=")
    return (table, value) if separator and table in COLUMNS else ("", text)


def run(args: argparse.Namespace) -> None:
    """Take the files, and say what became of them."""
    from recommender.importing.take_files import take_files

    imported = take_files(project_root(), _request(args))
    if imported.warning:
        print(f"recommender: warning: {printable(imported.warning)}", file=sys.stderr)
    report = imported.report
    print(
        f"{report['interactions']:,} interactions of {report['users']:,} users and {report['programs']:,} programs, "
        f"{report['positives']:,} of them positive, are in {RAW}."
    )
    if imported.written_anew:
        names = ", ".join(map(printable, imported.written_anew))
        print(f"Written anew there, in UTF-8 with commas and a header: {names}.")
    print(
        "DVC tracks them, and params.yaml maps their columns.\n"
        "Next:\n"
        "  make repro                              runs the pipeline on them\n"
        "  git commit -am 'Import our own data'    keeps this version of the data and its results"
    )


def _request(args: argparse.Namespace) -> ImportRequest:
    columns = _columns(args.map)
    without_header = _by_table("--no-header", [(table or "", True) for table in args.no_header])
    encodings = _by_table("--encoding", args.encoding)
    delimiters = _by_table("--delimiter", [(table, DELIMITERS.get(text, text)) for table, text in args.delimiter])
    files = {
        table: GivenFile(
            path,
            {name: columns[name][table] for name in COLUMNS[table] if table in columns.get(name, {})},
            encodings.get(table),
            delimiters.get(table),
            has_header=table not in without_header,
        )
        for table in COLUMNS
        if (path := getattr(args, table)) is not None
    }
    return ImportRequest(
        **files,
        positive_threshold=args.positive_threshold,
        unknown_ids=args.unknown_ids,
        bad_rows=args.bad_rows,
        force=args.force,
    )


def _columns(mappings: Sequence[tuple[str, str | None]]) -> dict[str, dict[str, str | None]]:
    """Say what each table calls a column, by the project's name for it."""
    given: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for name, column in mappings:
        table, _, key = name.rpartition(".")
        having = [table for table, names in COLUMNS.items() if key in names]
        if table and table not in having:
            raise RecommenderError(f"--map {name}: {key} is a column of {' and '.join(having)}, not of {table}")
        given[key].append((table, column))
    return {key: _by_table(f"--map {key}", found) for key, found in given.items()}


def _by_table(option: str, given: Sequence[tuple[str, Value]]) -> dict[str, Value]:
    """Say which value each table has; one that is given for no table is for those that have none of their own."""
    values = dict(given)
    if len(values) < len(given):
        raise RecommenderError(f"{option} is given twice for the same file; give it once")
    return {table: values[key] for table in COLUMNS for key in ("", table) if key in values}
