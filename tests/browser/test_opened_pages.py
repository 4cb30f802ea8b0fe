"""What `recommender report` opens: the page with its origin and changes, and a stranger's page in a frame."""

from collections.abc import Iterator
from pathlib import Path

import published
import pytest
from browser.conftest import Open
from loopback import web_server
from projects import Once, Project
from published import Published

STRANGE = """<!doctype html>
<html lang="en">
<head>
<title>Strange</title>
<meta http-equiv="refresh" content="0; url={elsewhere}/refresh">
<link rel="stylesheet" href="{elsewhere}/sheet.css">
<link rel="prefetch" href="{elsewhere}/page">
<style>@import url({elsewhere}/import.css); body {{ background: url({elsewhere}/ground.png) }}</style>
<script>alert("script")</script>
<script src="{elsewhere}/script.js"></script>
</head>
<body onload="alert('load')">
"></iframe><script>alert("out")</script>
<img src="{elsewhere}/image.png" onerror="alert('image')">
<svg onload="alert('svg')"><image href="{elsewhere}/vector.png" /></svg>
<iframe src="{elsewhere}/frame"></iframe>
<object data="{elsewhere}/object"></object>
<p><a href="#below">Below</a></p>
<p><a href="{elsewhere}/here">Here</a></p>
<p><a href="{elsewhere}/top" target="_top">Top</a></p>
<p><a href="{elsewhere}/window" target="_blank" ping="{elsewhere}/ping">Window</a></p>
<p><a href="javascript:alert('link')">Script</a></p>
<form action="{elsewhere}/form" method="post"><button>Send</button></form>
<p id="below" style="margin-top: 200vh">The end</p>
</body>
</html>
"""


@pytest.fixture(scope="module")
def whole(reproduced: Project, once: Once) -> Path:
    """The page that the command writes after a release and a change. Not to be changed."""

    def make(root: Path) -> None:
        project = reproduced.copy(root)
        project.git("tag", "--annotate", "--message", "First", "recommender@v1.0.0")
        project.replace("params.yaml", "users\n  k: 10", "users\n  k: 5")
        project.dvc("repro", "report")
        project.commit("Recommend less")
        project.recommender("report", "--no-open")

    return once("opened", make).path("report.html")


@pytest.mark.parametrize("width", [360, 1280])
def test_with_its_origin_and_changes_the_page_keeps_its_promises(whole: Path, opened: Open, width: int) -> None:
    window = opened(whole, width=width, scripts=True)
    assert window.page.locator("#changes table").count()
    assert window.page.locator("#origin table").count()
    assert not window.violations()
    assert not window.measure("wider")
    assert not window.measure("unseen")
    assert window.measure("references") == {"missing": [], "twice": []}
    assert not window.requested
    assert not window.said


@pytest.fixture
def heard() -> list[dict[str, str]]:
    """What a server elsewhere was asked."""
    return []


@pytest.fixture
def strange(
    reproduced: Project,
    stranger: Published,
    heard: list[dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """What the command makes of a page that somebody else wrote, and that would like to ask that server."""
    made = tmp_path / "made"
    made.mkdir()
    others = published.artifacts(made)
    monkeypatch.setitem(published.STAGES, "metrics/report.html", "report")
    with web_server(tmp_path, heard) as elsewhere:
        stranger.store({**others, "metrics/report.html": STRANGE.format(elsewhere=elsewhere).encode()})
        stranger.commit("A page")
        page = tmp_path / "strange.html"
        reproduced.recommender("report", "--no-open", "--repo", stranger.url, "--rev", "main", "--output", str(page))
        yield page


def test_a_strangers_page_runs_nothing_asks_for_nothing_and_leads_nowhere(
    strange: Path, heard: list[dict[str, str]], opened: Open
) -> None:
    window = opened(strange, scripts=True, offline=False)
    frame = window.page.frame_locator("iframe").first
    window.page.wait_for_load_state("networkidle")
    frame.get_by_text("Below", exact=True).click()
    frame.get_by_text("The end").wait_for()
    for link in ("Top", "Window", "Script", "Send", "Here"):
        frame.get_by_text(link, exact=True).click()
        window.page.wait_for_load_state("networkidle")
    assert window.page.url == strange.as_uri()
    assert len(window.context.pages) == 1
    assert not heard
    assert not window.asked
