"""`recommender repair`: mend what a killed run left behind, so that the next `dvc repro` goes on.

`make repro` begins with it. Mended are: a `dvc.lock` that was cut off, which comes back as Git has it (what ran since
then, DVC takes from its run cache); DVC's list of who works on what, cut off, or naming processes that have long been
others; an unfinished entry of the run cache; the lock of Git's index. Nothing is done while DVC or Git is at work here.
"""

import argparse

from recommender.project import project_root


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("repair", help="mend what a killed run left behind", description=__doc__)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Mend, and print a line for each thing; print nothing when there was nothing."""
    from recommender.repair.mend import repair

    for line in repair(project_root()):
        print(line, flush=True)
