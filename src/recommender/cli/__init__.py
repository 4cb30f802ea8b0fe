"""The `recommender` command, with one file for each subcommand."""

import argparse
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from recommender.cli import check, import_files, info, recommend, release, releases, repair, report, sample, summary
from recommender.errors import FAULTS, RecommenderError, fault
from recommender.text import printable_lines

COMMANDS = (import_files, sample, check, summary, recommend, report, info, release, releases, repair)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line, and return 0, 1 for a user's mistake, or 130 when interrupted; wrong usage exits with 2."""
    if sys.stdout is None:
        # It was closed before we started: what is printed goes nowhere.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until exit
    parser = argparse.ArgumentParser(
        prog="recommender", description="A reproducible, data-versioned recommender pipeline on DVC and LightFM."
    )
    parser.add_argument("--version", action="version", version=f"recommender {version('recommender')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    args = parser.parse_args(arguments)
    code = _outcome(args.run, args)
    printed = _outcome(sys.stdout.flush)
    if printed:
        # Python must not complain once more at exit about what cannot be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code or printed


def _outcome(work: Callable[..., None], *arguments: object) -> int:
    try:
        work(*arguments)
    except RecommenderError as error:
        print(f"recommender: {printable_lines(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("recommender: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has read enough; what is still buffered must not raise at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except FAULTS as error:
        print(f"recommender: {printable_lines(fault(error))}", file=sys.stderr)
        return 1
    return 0
