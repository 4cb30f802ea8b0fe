"""`recommender releases`: list the releases, newest version first, with their data and metrics."""

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from recommender.cli._revision import add_repo_to
from recommender.errors import RecommenderError
from recommender.project import project_root
from recommender.text import printable_json, printable_lines

COUNTS = ("users", "programs", "positives")
HEADLINES = 4
"""The number of a model's metrics that are listed: the first ones."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("releases", help="list the releases with their metrics", description=__doc__)
    add_repo_to(parser)
    parser.add_argument(
        "--format", choices=["table", "json"], default="table", help="output format (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print a row for each release."""
    from recommender.cli._table import print_table
    from recommender.serving.repository import Repository
    from recommender.serving.revision import Revision
    from recommender.serving.source import read_metrics

    repository = Repository(args.repo or project_root())
    repository.update()
    rows: list[dict[str, Any]] = []
    for release, commit in repository.releases().items():
        row: dict[str, Any] = {
            "release": release,
            "date": repository.describe(commit)["date"][:10],
            "commit": commit[:10],
        }
        try:
            revision = Revision(repository, commit)
            data = read_metrics(revision, "validate", "data.json")
            model = read_metrics(revision, "evaluate", "ranking.json").get("model")
            row |= _numbers(data, COUNTS) | _numbers(model, list(model)[:HEADLINES] if isinstance(model, dict) else ())
        except RecommenderError as error:
            print(f"{release} is listed without numbers: {printable_lines(str(error))}", file=sys.stderr)
        rows.append(row)
    if args.format == "json":
        print(printable_json(rows))
    elif not rows:
        print("nothing is released yet; `recommender release v1.0.0` releases what is checked out")
    else:
        numbers = [name for row in rows for name, value in row.items() if not isinstance(value, str)]
        header = list(dict.fromkeys(name for row in rows for name in row))
        print_table(header, [[_text(row.get(name)) for name in header] for row in rows], right=numbers)


def _numbers(found: object, names: Iterable[str]) -> dict[str, Any]:
    """Select the values that are numbers: an older version may have written others, or none."""
    values = found if isinstance(found, dict) else {}
    return {name: values[name] for name in names if isinstance(values.get(name), int | float)}


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str("" if value is None else value)
