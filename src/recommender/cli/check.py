"""`recommender check`: check every key and value of `params.yaml`."""

import argparse

from recommender.project import project_root


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="check every key and value of params.yaml", description=__doc__)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Check the file, and print nothing if it is right."""
    from recommender.settings.params import Params
    from recommender.settings.params_file import read_yaml

    Params.parse(read_yaml(project_root() / "params.yaml"), "params.yaml")
