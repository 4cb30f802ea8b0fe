"""The page of a revision as the pipeline wrote it, with what only a checkout knows written into it."""

import re
from pathlib import Path

from markupsafe import Markup

from recommender.errors import RecommenderError
from recommender.provenance.changes import Changes, changes_since
from recommender.provenance.origin import Origin
from recommender.reporting.templating import HEAD, environment
from recommender.serving.repository import Repository
from recommender.serving.revision import Revision
from recommender.serving.workspace import Workspace

LARGEST = 16 << 20
"""The most bytes of a page: eight times what one may have."""
FRAME = Markup("""{head}<meta http-equiv="x-dns-prefetch-control" content="off">
<title>{title}</title>
<style>html, body, iframe {{ margin: 0; border: 0; width: 100%; height: 100%; display: block; }}</style>
</head>
<body>
<iframe sandbox title="{title}" srcdoc="{page}"></iframe>
</body>
</html>
""")
"""The frame of a page that somebody else wrote: nothing in it can run, load, or lead elsewhere."""
HINT = re.compile("<(?=link)", re.IGNORECASE)
"""The beginning of an element by which a browser may connect somewhere in advance, which no policy forbids."""


def whole_page(source: Revision | Workspace) -> str:
    """Read the page of a revision, and write into it its origin, and what is new since the release before.

    Raises
    ------
    RecommenderError
        The revision has no page, or it is not what the pipeline writes.
    """
    if "report" not in source.lock.stages:
        raise RecommenderError(
            "this revision has no page: it is from before there was a stage `report`, or the stage has not run; "
            "`dvc repro` runs it"
        )
    size = source.lock.output("report", "report.html").size
    if size > LARGEST:
        raise RecommenderError(f"report.html is refused: it has {size:,} bytes, and a page has fewer than {LARGEST:,}")
    try:
        written = source.read("report", "report.html").decode()
    except UnicodeDecodeError:
        raise RecommenderError("report.html is not what this version writes; `dvc repro` makes it again") from None
    repository = source.repository if isinstance(source, Revision) else Repository(source.root)
    templates = environment(Path(__file__).parent)
    root = repository.folder if repository.is_local else None
    filled = {
        "changes": templates.get_template("changes.html.jinja").render(_changes(source, repository)),
        "origin": templates.get_template("origin.html.jinja").render(origin=Origin.make(source, root)),
    }
    for name, html in filled.items():
        before, begin, rest = written.partition(f"<!--{name}-->")
        _, end, after = rest.partition(f"<!--/{name}-->")
        written = f"{before}{begin}\n{html}{end}{after}" if end else written
    if repository.is_local and _is_harmless(written):
        return written
    title = f"Recommendations of {repository.location}"
    return FRAME.format(head=HEAD, title=title, page=HINT.sub("&lt;", written))


def _is_harmless(page: str) -> bool:
    """Tell whether a page is bound by the policy of ours, and has nothing that gets around it.

    A branch that was fetched to look at it may hold a page that somebody else wrote.
    """
    return page.startswith(HEAD) and page.lower().count("http-equiv") == 1 and not HINT.search(page)


def _changes(source: Revision | Workspace, repository: Repository) -> dict[str, str | Changes | None]:
    """Find what is new; None: nothing was released before, or `problem` says why it cannot be told."""
    if isinstance(source, Revision):
        last = repository.release_before(source.commit)
    else:
        last = repository.release_before(repository.commit("HEAD"), or_this=bool(repository.changed()))
    if last is None:
        return {"changes": None, "problem": None}
    try:
        return {"changes": changes_since(Revision(repository, last), source, last), "problem": None}
    except RecommenderError as error:
        return {"changes": None, "problem": f"{last}: {error}"}
