"""`recommender info`: show the data, params, code and metrics of a model."""

import argparse
import json
from typing import Any

from recommender.cli._revision import add_revision_to
from recommender.project import RAW
from recommender.text import printable, printable_json


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("info", help="show where a model came from", description=__doc__)
    add_revision_to(parser)
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="output format (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Print all that is known of a model's origin."""
    from recommender.serving.source import open_source, read_metrics

    source = open_source(args.rev, args.repo)
    params, ranking = source.lock.params(), read_metrics(source, "evaluate", "ranking.json")
    found: dict[str, Any] = {
        "code": source.describe(),
        "data": {"files": source.lock.inputs(RAW)} | read_metrics(source, "validate", "data.json"),
        "params": params,
        # What is older knows of no families. Where the search chooses, the params do not say which.
        "family": ranking.get("family") or params.get("train", {}).get("family", "lightfm"),
        "metrics": ranking.get("model"),
        "artifacts": source.lock.outputs(),
    }
    print(printable_json(found) if args.format == "json" else _text(found))


def _text(values: dict[str, Any], indent: str = "") -> str:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{printable(str(name))}", _text(value, indent + "  ")]
        else:
            shown = value if isinstance(value, str) else json.dumps(value, default=str, skipkeys=True)
            lines.append(f"{indent}{printable(str(name))}: {printable(shown)}")
    return "\n".join(lines)
