"""`recommender report`: the page for those who decide, of the checkout or of any revision.

The page is one HTML file that needs no network and runs nothing: what data went in, how good the recommendations are
and for whom, what is recommended, and what has changed since the last release. It is written here and opened in the
browser, if there is one. A page from a repository elsewhere is shown in a frame in which nothing can run or be loaded.
"""

import argparse
import os
import re
import webbrowser
from pathlib import Path

from recommender.cli._revision import add_revision_to
from recommender.errors import RecommenderError


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("report", help="open a page on data, quality and changes", description=__doc__)
    add_revision_to(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to (default: report.html here, or report-REV.html)"
    )
    parser.add_argument("--no-open", action="store_true", help="only write the page, and print where it is")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write the page, say where it is, and open it."""
    from recommender.files.atomic import open_atomically
    from recommender.provenance.whole_page import whole_page
    from recommender.serving.source import open_source

    path: Path = args.output or Path(_name(args.rev))
    _require_replaceable(path)
    page = whole_page(open_source(args.rev, args.repo))
    with open_atomically(path) as stream:
        stream.write(page.encode())
    url = path.resolve().as_uri()
    print(url)
    if not args.no_open and _has_browser():
        webbrowser.open(url)


def _name(rev: str | None) -> str:
    return f"report-{re.sub('[^A-Za-z0-9._-]+', '-', rev)}.html" if rev else "report.html"


def _require_replaceable(path: Path) -> None:
    """Require that nothing is lost but an older page."""
    from recommender.reporting.templating import GENERATOR

    if not path.parent.is_dir():
        raise RecommenderError(f"there is no folder {path.parent}; make it, or name another file with --output")
    if path.is_file():
        with path.open("rb") as stream:
            is_ours = GENERATOR.encode() in stream.read(1000)
    else:
        is_ours = not path.exists()
    if not is_ours:
        raise RecommenderError(f"{path} is there, and is no page of ours; name another file with --output")


def _has_browser() -> bool:
    """Tell whether a browser has a screen: one inside the terminal would take it over."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
