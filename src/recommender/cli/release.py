"""`recommender release`: make the present commit a release, if others can rely on it.

Checked first: everything is committed; `dvc status` is clean, here and in a fresh clone of the commit; the storage
that the committed `.dvc/config` names has every artifact; and the model is not worse than the release before it, beyond
chance (on the same test interactions, user by user). The release is a Git tag in GTO's format, recommender@v1.2.0;
publish it with `git push`.
"""

import argparse

from recommender.project import project_root


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("release", help="release the present commit", description=__doc__)
    parser.add_argument("version", type=_version, metavar="VERSION", help="the version, such as v1.2.0")
    parser.add_argument("-m", "--message", help="the message of the tag: what is new")
    parser.add_argument(
        "--even-if-worse",
        action="store_true",
        help="release even if the model is worse than the last release, or cannot be compared with it",
    )
    parser.add_argument(
        "--older",
        action="store_true",
        help="release even if a newer version is released: a patch of an older line, compared with the one before it",
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything and release nothing")
    parser.set_defaults(run=run)


def _version(text: str) -> str:
    from recommender.serving.tags import VERSION

    if not VERSION.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a version such as v1.2.0")
    return text


def run(args: argparse.Namespace) -> None:
    """Check, compare, tag, and print how to publish the tag."""
    from recommender.releases.release import release

    released = release(
        project_root(),
        args.version,
        tell=print,
        message=args.message,
        older=args.older,
        even_if_worse=args.even_if_worse,
        dry_run=args.dry_run,
    )
    if args.dry_run:
        print(f"{args.version} can be released")
    else:
        tag, commit = released
        print(f"{tag} is {commit[:10]}; `git push origin HEAD {tag}` publishes it")
