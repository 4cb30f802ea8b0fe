"""The page is one whole: well formed, complete, harmless, and of nothing but what it is given."""

import dataclasses
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pytest
from reporting.cases import entries, evaluated, tiny

from recommender.cleaning.refusals import DROPPED
from recommender.files.ids import IdMap
from recommender.measuring.task import Task
from recommender.metrics import AT_K, CATALOGUE, FULL, LISTS
from recommender.reporting import glossary
from recommender.reporting.data_part import DataPart
from recommender.reporting.example_users import Example
from recommender.reporting.exposure import Exposed, Exposure
from recommender.reporting.page import page
from recommender.reporting.program_part import ProgramPart
from recommender.reporting.quality_part import QualityPart
from recommender.reporting.search_part import SearchPart
from recommender.reporting.shown import Table
from recommender.reporting.templating import POLICY

HOSTILE = "</td></bdi><script src=https://evil.example/x.js></script><img src=x onerror=alert(1)>\"'&amp;<!--origin-->"
VOID = {"meta", "link", "br", "hr", "img", "input", "use"}
ACTIVE = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "foreignobject", "image", "video"}
METRICS = {*AT_K, *FULL, *LISTS, *CATALOGUE}
LOADING = {"src", "srcset", "data", "poster", "action", "background", "xlink:href", "formaction", "ping", "manifest"}


class Read(HTMLParser):
    """What a page is made of, if it is well formed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._found(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._found(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.text += data

    def _found(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice"
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]

    def words(self) -> str:
        return " ".join(self.text.split())


def parts(task: Task | None = None, text: str = "Law") -> dict[str, Any]:
    """The parts of a page with everything on it; `text` stands wherever the data has one."""
    found = evaluated(task)
    data = dict.fromkeys(("users", "programs", "interactions", "positives", "merged_rows", "dropped_rows"), 2)
    medians = {f"median_positives_of_a_{of}": 1.5 for of in ("user", "program")}
    period = {"from": "2024-01-14T05:34:35Z", "to": "2025-12-31T22:18:03Z"}
    growth = [{"month": f"202{year}-01", "interactions": 5, "new_users": 1} for year in range(4)]
    dropped = {"file": text, "line": 1, "column": text, "value": text, "reason": text}
    trials = [
        {"family": family, "trial": trial, "score": score, "best": score}
        for family in ("ease", "ials", "history")
        for trial, score in enumerate((0.1, 0.2))
    ]
    best = {"ndcg@10": {"mean": 0.2, "low": 0.1, "high": 0.3}, "trial": 1, "of": 2, "settings": {"side": text}}
    n_programs = task.train.shape[1] if task else 40
    return {
        "data": DataPart.make(
            data | medians | period | {"density": 0.3}, growth, pa.Table.from_pylist([dropped], DROPPED)
        ),
        "quality": QualityPart.make(found.ranking, found.families, found.by_k, found.by_segment, 0.95),
        "programs": ProgramPart.make(found.ranking, found.coverage, found.shares),
        "exposure": Exposure(n_programs, 2, 1, 5, [Exposed(text, 3, 2)], [Exposed(text, 0, 1)]),
        "examples": [Example(text, [text] * 10, 12, [text]), Example(text, [text], 1, [])],
        "search": SearchPart.make(
            {"family": "ease", "families": {"ease": best}},
            trials,
            [{"family": "ease", "setting": text, "importance": 0.5}],
            [{"epoch": 1, "metric": "ndcg@10", "mean": 0.1}],
        ),
        "settings": Table(
            "Settings that differ from the defaults", ["setting", "here", "default"], [(text, text, text)]
        ),
        "metrics": list(found.ranking["model"]),
        "families": [row["family"] for row in found.families],
    }


def bare() -> dict[str, Any]:
    """The parts of a page of little data, with whatever may be missing left out."""
    counts: dict[str, Any] = (
        dict.fromkeys(("users", "programs", "interactions", "positives", "density"), 1)
        | dict.fromkeys(("median_positives_of_a_user", "median_positives_of_a_program"), 1.0)
        | dict.fromkeys(("merged_rows", "dropped_rows"), 0)
    )
    return parts(tiny()) | {
        "data": DataPart.make(counts, [], DROPPED.empty_table()),
        "exposure": Exposure(2, 0, 0, 1, [Exposed("Law", 1, 1)], []),
        "examples": [],
        "search": SearchPart.make({}, [], [], []),
        "settings": Table("Settings", ["setting", "here", "default"], []),
    }


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {"full": page(**parts()), "bare": page(**bare()), "hostile": page(**parts(text=HOSTILE))}


PAGES = pytest.mark.parametrize("kind", ["full", "bare", "hostile"])


@PAGES
def test_it_is_well_formed_with_one_of_each_id_and_no_link_into_nothing(kind: str, pages: dict[str, str]) -> None:
    written = pages[kind]
    assert written.startswith("<!doctype html>\n<html lang=")
    read = Read(written)
    ids = read.values("id")
    assert len(ids) == len(set(ids)) > 20
    links = [value for value in read.values("href") if value.startswith("#")]
    labels = [one for value in read.values("aria-labelledby") for one in value.split()]
    clips = re.findall(r"url\(#([^)]+)\)", " ".join(read.values("clip-path")))
    assert {link[1:] for link in links} | set(labels) | set(clips) <= set(ids)
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(read.headings, read.headings[1:], strict=False))


@PAGES
def test_it_runs_nothing_loads_nothing_and_leads_nowhere(kind: str, pages: dict[str, str]) -> None:
    written = pages[kind]
    read = Read(written)
    dangerous = {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "foreignobject",
        "image",
        "video",
    }
    assert not dangerous & set(read.tags)
    for tag, name, value in read.attributes:
        assert not name.startswith("on"), tag
        assert name not in LOADING, (tag, name)
        assert "javascript:" not in value
        if name == "href":
            assert value.startswith("#")
        if name == "style":
            assert "url(" not in value
    css = "".join(re.findall(r"<style>(.*?)</style>", written, re.DOTALL))
    assert "url(" not in css
    assert "@import" not in css
    assert ("meta", "content", POLICY) in read.attributes


def test_a_text_from_the_data_is_shown_as_it_is_wherever_it_stands(pages: dict[str, str]) -> None:
    hostile, tame = Read(pages["hostile"]), Read(pages["full"])
    assert hostile.tags == tame.tags
    assert hostile.text.count(HOSTILE) == 23
    assert [pages["hostile"].count(f"<!--{name}-->") for name in ("changes", "/changes", "origin", "/origin")] == [
        1
    ] * 4


def test_the_same_parts_give_the_same_page(pages: dict[str, str]) -> None:
    assert page(**parts()) == pages["full"]


@PAGES
def test_every_metric_and_family_that_is_shown_is_explained(kind: str, pages: dict[str, str]) -> None:
    read = Read(pages[kind])
    before, _, entries_ = read.words().rpartition(" Glossary ")
    metrics = {*AT_K, *FULL, *LISTS, *CATALOGUE}
    named = {name for name in metrics if re.search(rf"\b{name}@\d", before)} | metrics & {
        "auc",
        "coverage",
        "precision",
    }
    assert {"ndcg", "precision", "recall"} <= named
    for name in named:
        assert f"{name} {glossary.METRICS[name]}" in entries_
    for name in ("lightfm", "history", "ease", "popularity", "random"):
        assert f"{name} {glossary.FAMILIES[name]}" in entries_


def test_it_begins_with_the_verdict(pages: dict[str, str]) -> None:
    verdict = parts()["quality"].verdict
    assert Read(pages["full"]).words().partition(" Summary ")[2].partition(" Summary ")[2].startswith(verdict)


@pytest.mark.parametrize(
    "said",
    [
        "Behind this are 2 users, 2 programs and 2 interactions from 2024-01-14 to 2025-12-31.",
        "From 2024-01-14 to 2025-12-31. The twelve months before the last one brought",
        "2 rows could not be used:",
        "2 rows were about a user and a program that another row is about",
        "5 users get a list. 38 of 40 programs (95 %) are in at least one, 2 in none. The most popular tenth",
        "Has, the latest 10 of 12",
        "Nothing: this user has all that can be recommended.",
        "2 users, drawn by lot",
        "6 settings were tried on a part of the training data; ease did best there.",
        "are not recommended: 1 of the catalogue",
    ],
)
def test_what_there_is_is_told(said: str, pages: dict[str, str]) -> None:
    assert said in Read(pages["full"]).words()


@pytest.mark.parametrize(
    "said",
    [
        "Behind this are 1 users, 1 programs and 1 interactions. What the words mean",
        "The interactions have no times, so nothing can be said of period and growth.",
        "Every row could be used; nothing was dropped.",
        "2 of 2 programs (100 %) are in at least one, 0 in none.",
        "No program that a user has is left out",
        "No settings were searched",
        "The model was not measured during its training",
        "All settings are the defaults.",
        "are not asked for either.",
        "Nobody here is new",
    ],
)
def test_what_there_is_not_is_said_to_be_missing(said: str, pages: dict[str, str]) -> None:
    words = Read(pages["bare"]).words()
    assert said in words
    assert "another row is about" not in words


def test_a_catalogue_of_less_than_ten_has_no_tenths(pages: dict[str, str]) -> None:
    assert "tenth of the catalogue" in pages["full"]
    assert "tenth of the catalogue" not in pages["bare"]


@pytest.mark.parametrize(
    ("tests_new_users", "said"),
    [
        (True, "The group 0 are new users"),
        (False, "Nobody here is new"),
        (None, "Whether there are new users in the first group"),
    ],
)
def test_of_new_users_is_claimed_what_is_known(tests_new_users: bool | None, said: str) -> None:
    given = parts()
    quality = dataclasses.replace(given["quality"], tests_new_users=tests_new_users)
    words = Read(page(**given | {"quality": quality})).words()
    openings = ("The group 0 are new users", "Nobody here is new", "Whether there are new users in the first group")
    assert [opening for opening in openings if opening in words] == [said]


def test_one_row_is_one() -> None:
    given = parts()
    words = Read(page(**given | {"data": dataclasses.replace(given["data"], n_dropped=1, n_merged=1)})).words()
    assert "1 row could not be used:" in words
    assert "1 row was about" in words


def test_nothing_is_recommended_where_there_are_no_lists() -> None:
    ids = IdMap(("ann",), ("law", "art"))
    nothing = pa.schema({"user_id": pa.string(), "rank": pa.int32(), "program_id": pa.string()}).empty_table()
    exposure = Exposure.make(ids, ["Law", "Art"], entries([1], [0], [0], (1, 2)), nothing)
    words = Read(page(**bare() | {"exposure": exposure})).words()
    assert "0 users get a list. 0 of 2 programs (0 %) are in at least one, 2 in none." in words
