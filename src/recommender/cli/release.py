"""`recommender release`: make the present revision a release, if others can rely on it.

Checked first: everything is committed; `dvc status` is clean, here and in a fresh clone of the commit; the storage
that the committed `.dvc/config` names has every artifact; and the model is not worse than the release before it beyond
chance (on the same test interactions, user by user). The release is a Git tag as GTO has it, recommender@v1.2.0;
publish it with `git push`.
"""

import argparse
from typing import TYPE_CHECKING

from recommender.errors import RecommenderError
from recommender.project import project_root

if TYPE_CHECKING:
    from recommender.releases.comparison import Comparison


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("release", help="release the present revision", description=__doc__)
    parser.add_argument("version", type=_version, metavar="VERSION", help="such as v1.2.0")
    parser.add_argument("-m", "--message", help="what is new, for the tag")
    parser.add_argument(
        "--even-if-worse",
        action="store_true",
        help="even if the metrics are worse than before, or cannot be compared with those of the last release",
    )
    parser.add_argument(
        "--older",
        action="store_true",
        help="even if a newer version is released: a patch of an older line, compared with the release before it",
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything, and release nothing")
    parser.set_defaults(run=run)


def _version(text: str) -> str:
    from recommender.serving.tags import VERSION

    if not VERSION.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a version such as v1.2.0")
    return text


def run(args: argparse.Namespace) -> None:
    """Check, compare, and set the tag."""
    from recommender.git import git
    from recommender.releases.checks import require_clean_tree, require_reachable, require_reproduced
    from recommender.releases.comparison import compare
    from recommender.serving.repository import Repository
    from recommender.serving.revision import Revision
    from recommender.serving.tags import ARTIFACT, version_key
    from recommender.serving.workspace import Workspace

    root = project_root()
    repository = Repository(root)
    repository.require_root()
    released = repository.releases()
    if args.version in released:
        raise RecommenderError(f"{args.version} is released already; see `recommender releases`")
    newest = next(iter(released), None)
    if newest and version_key(args.version) < version_key(newest) and not args.older:
        raise RecommenderError(
            f"{newest} is released already, and {args.version} would come before it; --older releases it all the same"
        )
    head = repository.commit("HEAD")
    for version, commit in released.items():
        if commit == head:
            raise RecommenderError(f"this commit is released already, as {version}; commit what is new first")
    require_clean_tree(repository)
    require_reproduced(root)
    require_reachable(root, head)
    last = next((version for version in released if version_key(version) < version_key(args.version)), None)
    if last:
        try:
            found = compare(Workspace(root), Revision(repository, last))
        except RecommenderError as error:
            if not args.even_if_worse:
                raise RecommenderError(f"{error}; --even-if-worse releases it without a comparison") from None
            print(f"not compared with {last}: {error}")
        else:
            _judge(found, last, args.even_if_worse)
    elif released:
        print(f"not compared: no release comes before {args.version}")
    if args.dry_run:
        print(f"{args.version} can be released")
        return
    tag = f"{ARTIFACT}@{args.version}"
    git(root, "tag", "--annotate", "--message", args.message or f"Release {args.version}", tag, head)
    print(f"{tag} is {head[:10]}; `git push origin HEAD {tag}` publishes it")


def _judge(found: "Comparison | None", last: str, even_if_worse: bool) -> None:
    if not found:
        print(f"not compared with {last}: the test interactions are others")
        return
    shown = f"{found.difference.mean:+.4f} [{found.difference.low:+.4f}, {found.difference.high:+.4f}]"
    print(f"{found.metric} against {last}, on the same test interactions: {shown}")
    if found.is_worse and not even_if_worse:
        raise RecommenderError(f"the model is worse than {last}; --even-if-worse releases it all the same")
