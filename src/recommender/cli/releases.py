"""`recommender releases`: all releases, the newest version first, with their data and metrics."""

import argparse
import json
from typing import Any

from recommender.cli._revision import add_repo_to
from recommender.serving.workspace import project_root

COUNTS = ("users", "programs", "positives")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("releases", help="list the releases with their metrics", description=__doc__)
    add_repo_to(parser)
    parser.add_argument("--format", choices=["table", "json"], default="table", help="(default: %(default)s)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print a row for each release."""
    from recommender.cli._table import print_table
    from recommender.serving.repository import Repository

    repository = Repository(args.repo or project_root())
    repository.update()
    rows: list[dict[str, Any]] = []
    for release, commit in repository.releases().items():
        data, ranking = (json.loads(repository.file(commit, f"metrics/{name}.json")) for name in ("data", "ranking"))
        made = repository.describe(commit)
        row = {"release": release, "date": made["date"][:10], "commit": commit[:10]}
        rows.append(row | {name: data[name] for name in COUNTS} | dict(list(ranking["model"].items())[:4]))
    if args.format == "json":
        print(json.dumps(rows, indent=2))
    elif not rows:
        print("nothing is released yet; `recommender release v1.0.0` releases what is checked out")
    else:
        numbers = [name for name, value in rows[0].items() if not isinstance(value, str)]
        header = list(dict.fromkeys(name for row in rows for name in row))
        print_table(header, [[_text(row.get(name)) for name in header] for row in rows], right=numbers)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value or "")
