"""`recommender sample`: make a sample of users, programs and interactions, with tastes for a model to find."""

import argparse
from functools import partial
from pathlib import Path

from recommender.project import RAW, project_root, scratch
from recommender.text import shown

MOST = 1_000_000_000
"""The most users, programs or interactions in a sample."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sample", help="make a sample of users, programs and interactions", description=__doc__
    )
    count = partial(_whole, least=1, most=MOST)
    parser.add_argument("--users", type=count, default=500, metavar="N", help="number of users (default: %(default)s)")
    parser.add_argument(
        "--programs", type=count, default=50, metavar="N", help="number of programs (default: %(default)s)"
    )
    parser.add_argument(
        "--interactions", type=count, default=8000, metavar="N", help="approximate number (default: %(default)s)"
    )
    parser.add_argument(
        "--seed",
        type=partial(_whole, least=0, most=2**32 - 1),
        default=42,
        help="seed of the sample (default: %(default)s)",
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default: the project's data/raw)")
    parser.add_argument("--force", action="store_true", help="overwrite raw files that neither Git nor DVC has")
    parser.set_defaults(run=run)


def _whole(text: str, least: int, most: int) -> int:
    try:
        value = int(text.replace("_", "").replace(",", ""))
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a whole number of at least {least} and at most {most}")
    return value


def run(args: argparse.Namespace) -> None:
    """Write the three files."""
    from recommender.importing.raw_files import refuse_to_lose, replace
    from recommender.pipeline.progress import progress
    from recommender.sample.write import write_sample

    size = {"n_users": args.users, "n_programs": args.programs, "n_interactions": args.interactions}
    if args.to is not None:
        with progress("sample", args.interactions, "interactions") as advance:
            write_sample(args.to, **size, seed=args.seed, on_rows=advance)
        print(f"users.csv, programs.csv and interactions.csv are in {args.to}")
        return
    root = project_root()
    with scratch(root) as folder:
        with progress("sample", args.interactions, "interactions") as advance:
            write_sample(folder, **size, seed=args.seed, on_rows=advance)
        sources = {path.name: path for path in sorted(folder.glob("*.csv"))}
        if not args.force:
            refuse_to_lose(root, sources)
        replace(root, sources)
    print(f"users.csv, programs.csv and interactions.csv are in {RAW}; `dvc repro` runs the pipeline on them")
