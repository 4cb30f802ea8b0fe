"""The options of commands that read a repository or one of its revisions."""

import argparse


def add_repo_to(parser: argparse.ArgumentParser) -> None:
    """Add `--repo`."""
    parser.add_argument("--repo", help="a folder, or a URL that Git can clone (default: this project)")


def add_revision_to(parser: argparse.ArgumentParser) -> None:
    """Add `--rev` and `--repo`."""
    parser.add_argument(
        "--rev",
        help="a release such as v1.2.0, a stage such as recommender#prod, or any Git revision (default: the checkout)",
    )
    add_repo_to(parser)
