"""The options of the commands that read a revision."""

import argparse


def add_revision_to(parser: argparse.ArgumentParser) -> None:
    """Add `--rev` and `--repo`."""
    parser.add_argument("--rev", help="a release such as v1.2.0, or any Git revision (default: what is checked out)")
    parser.add_argument("--repo", help="a folder or, with --rev, a URL that Git can clone (default: this project)")
