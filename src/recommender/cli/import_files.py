"""`recommender import`: take your CSV files into the project, under DVC's control, with their columns mapped.

Everything is checked before anything is replaced. Without a users or programs file, the users or programs are those of
the interactions.
"""

import argparse
from pathlib import Path

from recommender.project import RAW, project_root, scratch

MAPPED = ("user_id", "program_id", "title", "interaction", "timestamp")


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
            "      --positive-threshold 4"
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
        + ", or users.NAME, programs.NAME, interactions.NAME for one file alone; an empty COLUMN: there is none",
    )
    parser.add_argument("--encoding", help="such as latin-1 (default: what params.yaml has)")
    parser.add_argument("--delimiter", help="what stands between two cells (default: what params.yaml has)")
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


def run(args: argparse.Namespace) -> None:
    """Check the files, then put them in their place."""
    from recommender.importing import raw_files
    from recommender.importing.plan import Plan

    root = project_root()
    with scratch(root) as folder:
        plan = Plan.make(root, args, folder)
        report = plan.check()
        if not args.force:
            raw_files.refuse_to_lose(root, plan.sources)
        raw_files.replace(root, plan.sources)
    raw_files.put_under_dvc(root, list(plan.sources))
    plan.write_params()
    print(
        f"{report['interactions']:,} interactions of {report['users']:,} users and {report['programs']:,} programs, "
        f"{report['positives']:,} of them positive, are in {RAW}.\n"
        "DVC tracks them, and params.yaml maps their columns.\n"
        "Next:\n"
        "  make repro                              runs the pipeline on them\n"
        "  git commit -am 'Import our own data'    keeps this version of the data and its results"
    )
