"""The page of a revision says where it comes from and what is new in it; a stranger's is shown and does nothing."""

import html
import re
from pathlib import Path

import pytest
from projects import Project
from published import PAGE, Published, artifacts

from recommender.errors import RecommenderError
from recommender.provenance import whole_page as module
from recommender.provenance.whole_page import whole_page
from recommender.reporting.templating import HEAD
from recommender.serving.source import open_source


def text_of(page: str, section: str) -> str:
    """What is between a section's marks, as it is read."""
    found = re.search(f"<!--{section}-->(.*)<!--/{section}-->", page, flags=re.DOTALL)
    assert found
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", found[1])).split())


def page_of(project: Project, *arguments: str) -> str:
    project.recommender("report", "--no-open", "--output", "report-it.html", *arguments)
    return project.path("report-it.html").read_text(encoding="utf-8")


def next_release(project: Project, version: str, old: str, new: str) -> None:
    project.replace("params.yaml", old, new)
    project.dvc("repro")
    project.commit(f"Set {new}")
    project.dvc("push", "--quiet")
    project.recommender("release", version, "--even-if-worse")


def test_each_release_is_compared_with_the_one_that_it_is_built_on(pushed: Project) -> None:
    first = page_of(pushed)
    assert text_of(first, "changes") == "Nothing was released before it."
    pushed.recommender("release", "v1.0.0")
    assert text_of(page_of(pushed), "changes") == text_of(first, "changes"), "the release itself is not before it"

    next_release(pushed, "v2.0.0", "epochs: 20", "epochs: 3")
    said = text_of(page_of(pushed), "changes")
    assert said.startswith("Compared with v1.0.0 of ")
    assert "Worse than it, beyond chance: the mean of ndcg@10 has changed by -0." in said
    assert "train.epochs 20 3" in said
    assert "users 500 500 none" in said
    assert text_of(page_of(pushed, "--rev", "v2.0.0"), "changes") == said
    assert "<iframe" not in page_of(pushed, "--rev", "v2.0.0")
    assert page_of(pushed, "--rev", "v1.0.0").replace("v1.0.0", "") != page_of(pushed, "--rev", "v2.0.0")
    assert text_of(page_of(pushed, "--rev", "v1.0.0"), "changes") == "Nothing was released before it."

    next_release(pushed, "v3.0.0", "test_fraction: 0.2", "test_fraction: 0.3")
    said = text_of(page_of(pushed), "changes")
    assert said.startswith("Compared with v2.0.0 of ")
    assert "The two were tested on other interactions, so this does not say that one is better." in said
    pushed.replace("README.md", "#", "##")
    assert text_of(page_of(pushed), "changes").startswith("Compared with v3.0.0"), "what is not committed is after it"


def test_the_origin_names_commit_data_packages_and_what_each_stage_took(project: Project) -> None:
    page = page_of(project)
    said = text_of(page, "origin")
    assert project.git("rev-parse", "HEAD").strip() in said
    assert re.search(r"data/raw/interactions\.csv [0-9a-f]{32}", said)
    assert "rectools-lightfm 1.17.3" in said
    assert re.search(r"train \d+\.\d \d+", said)
    assert "not known" not in said
    assert page_of(project) == page, "the same bytes as long as nothing has changed"
    assert not project.git("status", "--porcelain", "--", "dvc.lock", "metrics")


def test_what_was_made_elsewhere_has_no_time(pushed: Project, tmp_path: Path) -> None:
    pushed.git("clone", "--quiet", ".", str(tmp_path / "work/clone"))
    clone = Project(tmp_path / "work/clone", pushed.environment)
    clone.dvc("pull", "--quiet")
    assert "What each stage took is not known" in text_of(page_of(clone), "origin")


def test_a_page_that_is_not_the_recorded_one_is_refused(project: Project) -> None:
    path = project.path("metrics/report.html")
    content = path.read_text(encoding="utf-8")
    path.unlink()  # a link to the cache, which is to stay as it is
    path.write_text(content.replace("</main>", "<script>alert(1)</script></main>"), encoding="utf-8")
    done = project.recommender("report", "--no-open", check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "metrics/report.html is refused: its MD5 is" in done.stderr
    assert not project.path("report.html").exists()


def test_a_revision_from_before_there_were_pages_says_so(stranger: Published) -> None:
    lock = stranger.root / "dvc.lock"
    lock.write_text(re.sub(r"  report:\n(    .*\n|  - .*\n)+", "", lock.read_text()))
    stranger.commit()
    with pytest.raises(RecommenderError, match="this revision has no page"):
        whole_page(open_source("main", stranger.url))


def test_a_strangers_page_is_shown_where_nothing_can_run_load_or_lead_away(stranger: Published, tmp_path: Path) -> None:
    hostile = PAGE.format(title="</iframe><script>alert(1)</script>")
    hostile += '"><img src=https://example.org onerror=alert(1)><LINK rel=preconnect href=https://example.org>'
    made = tmp_path / "made"
    made.mkdir()
    stranger.store(artifacts(made) | {"metrics/report.html": hostile.encode()})
    stranger.commit()
    page = whole_page(open_source("main", stranger.url))
    framed = re.search(r'<iframe sandbox title="[^"]*" srcdoc="([^"<>]*)"></iframe>\n</body>', page)
    assert framed
    assert "<link" not in html.unescape(framed[1]).lower(), "a hint to connect somewhere in advance"
    assert page.count("<iframe") == page.count("</iframe>") == 1
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert "alert(1)" in html.unescape(page)


@pytest.mark.parametrize(
    ("page", "is_framed"),
    [
        (f"{HEAD}<title>Ours</title>", False),
        (f"<script></script>{HEAD}", True),
        (f"{HEAD}<meta HTTP-EQUIV=refresh content='0;url=https://example.org'>", True),
        (f"{HEAD}<Link rel=preconnect href=https://example.org>", True),
        ("<!doctype html><title>Theirs</title>", True),
    ],
)
def test_a_page_of_a_branch_here_is_framed_unless_it_is_bound_by_our_policy(
    page: str, is_framed: bool, stranger: Published, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    stranger.store(artifacts(made) | {"metrics/report.html": page.encode()})
    stranger.commit()
    assert ("<iframe sandbox " in whole_page(open_source("main", str(stranger.root)))) is is_framed


def test_what_is_too_large_for_a_page_is_not_even_fetched(stranger: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    source = open_source("v1.0.0", stranger.url)
    monkeypatch.setattr(type(source), "read", None)
    with pytest.raises(RecommenderError, match=r"report\.html is refused: it has"):
        whole_page(source)


def test_what_is_no_text_is_refused(stranger: Published, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    stranger.store(artifacts(made) | {"metrics/report.html": b"\xff\xfe<html>"})
    stranger.commit()
    with pytest.raises(RecommenderError, match=r"report\.html is not what this version writes"):
        whole_page(open_source("main", stranger.url))


@pytest.mark.parametrize(
    "ranking",
    [b"{}", b'{"popularity": 1, "model": []}', b'{"popularity": {}, "model": {"ndcg@10": "<b>"}, "family": ["<b>"]}'],
)
def test_numbers_that_a_stranger_made_up_do_not_stop_the_page(
    ranking: bytes, stranger: Published, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    stranger.store(artifacts(made) | {"metrics/ranking.json": ranking})
    stranger.commit()
    page = html.unescape(whole_page(open_source("main", stranger.url)))
    assert text_of(page, "changes").startswith("Compared with v1.0.0")
    assert "<b>" not in page
