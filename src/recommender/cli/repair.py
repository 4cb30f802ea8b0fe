"""`recommender repair`: repair what a killed run left behind, so that the next `dvc repro` can go on.

`make repro` starts with it. Repaired are: a `dvc.lock` that was cut off, which comes back as Git has it (DVC takes what
ran since from its run cache); DVC's list of paths in use, if it was cut off or names processes that are not DVC's any
more; an unfinished entry of the run cache; the lock of Git's index. Nothing is done while DVC or Git is at work here.
"""

import argparse

from recommender.project import project_root


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("repair", help="repair what a killed run left behind", description=__doc__)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Repair the checkout, and print a line for each thing that was done."""
    from recommender.repair.mend import repair

    for line in repair(project_root()):
        print(line, flush=True)
