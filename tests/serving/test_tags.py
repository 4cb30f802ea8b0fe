"""Releases are Git's tags as GTO has them, ordered as versions; assignments follow GTO."""

import contextlib
import os
import subprocess
from itertools import pairwise

import numpy as np
import pytest
from gto.constants import VersionSort
from gto.exceptions import GTOException
from gto.registry import GitRegistry
from published import Published

from recommender.serving.tags import STAGE, VERSION, assigned, version_key, versions


def test_versions_are_ordered_by_their_numbers() -> None:
    listed = ["v0.0.9", "v0.0.10", "v0.9.0", "v0.10.0", "v1.9.0", "v1.9.10", "v1.10.0", "v2.0.0", "v9.0.0", "v10.0.0"]
    for before, after in pairwise(listed):
        assert version_key(before) < version_key(after)
    assert version_key("v1.20.300") == (1, 20, 300)


def test_a_version_has_three_numbers_without_leading_zeros() -> None:
    for version in ("v0.0.0", "v1.2.3", "v10.20.30", "v999999999.999999999.999999999"):
        assert VERSION.fullmatch(version)
    for name in (
        "1.2.3", "v1.2", "v1.2.3.4", "v01.2.3", "v1.02.3", "v1.2.03", "v1.2.x", "v1.2.3-rc", "V1.2.3", "v-1.2.3", "v..",
        "v1.2.3 ", "v1000000000.0.0", "v0.1000000000.0", "v0.0.1000000000", "v\u0661.0.0", "v1,2,3",
    ):  # fmt: skip
        assert not VERSION.fullmatch(name), name
    found = STAGE.fullmatch("recommender#prod")
    assert found
    assert found[1] == "prod"
    assert not STAGE.fullmatch("recommender#")


def test_releases_are_listed_the_newest_first_without_what_is_withdrawn_or_none(small: Published) -> None:
    for version in (
        "v1.9.0",
        "v1.10.0",
        "v10.0.0",
        "v9.0.0",
        "v2.0.0",
        "v2.0.0!",
        "v3.0.0",
        "v3.0.0!a!b",
        "v3.0.0!deprecated",
        "vfoo",
        "v1.2",
        "x@v5.0.0",
    ):
        small.git("tag", f"recommender@{version}")
    for tag in (
        "v7.0.0",
        "other@v8.0.0",
        "recommender",
        "recommender#prod#1",
        "recommenders@v6.0.0",
        "x/recommender@v5.0.0",
    ):
        small.git("tag", tag)
    small.git("branch", "recommender@v4.0.0")
    assert versions(small.root) == ["v10.0.0", "v9.0.0", "v1.10.0", "v1.9.0"]


def test_without_tags_there_is_nothing(small: Published) -> None:
    assert versions(small.root) == []
    assert assigned(small.root, "prod") is None


class Dated:
    """Makes annotated tags, each a second after the one before."""

    def __init__(self, repository: Published, monkeypatch: pytest.MonkeyPatch) -> None:
        self.repository, self.monkeypatch, self.now = repository, monkeypatch, 1_700_000_000

    def tag(self, name: str, target: str = "HEAD", by: int = 1) -> None:
        self.now += by
        self.monkeypatch.setenv("GIT_COMMITTER_DATE", f"{self.now} +0000")
        self.repository.git("tag", "--annotate", "--message", "x", name, target)


@pytest.fixture
def dated(small: Published, monkeypatch: pytest.MonkeyPatch) -> Dated:
    return Dated(small, monkeypatch)


def test_a_stage_is_the_commit_that_was_assigned_last(small: Published, dated: Dated) -> None:
    first = small.git("rev-parse", "HEAD").strip()
    dated.tag("recommender@v1.0.0")
    second = small.commit("Go on")
    dated.tag("recommender@v2.0.0")
    dated.tag("recommender#prod#1", first)
    dated.tag("recommender#dev#2", second)
    assert [assigned(small.root, stage) for stage in ("prod", "dev", "none")] == [first, second, None]
    dated.tag("recommender#prod#3", second)
    assert assigned(small.root, "prod") == second
    dated.tag("recommender#prod#4", first)
    assert assigned(small.root, "prod") == first
    dated.tag("recommender#prod!#5", first)
    assert assigned(small.root, "prod") == second


def test_assignments_count_by_their_time_and_not_by_their_names(small: Published, dated: Dated) -> None:
    first = small.git("rev-parse", "HEAD").strip()
    second = small.commit("Go on")
    dated.tag("recommender#prod#9", second)
    dated.tag("recommender#prod#10", first)
    assert assigned(small.root, "prod") == first
    dated.tag("recommender#prod#1", second)
    assert assigned(small.root, "prod") == second
    dated.tag("recommender#prod#11", first, by=-100)
    assert assigned(small.root, "prod") == second


def test_an_assignment_of_a_version_that_is_withdrawn_no_longer_counts(small: Published, dated: Dated) -> None:
    first = small.git("rev-parse", "HEAD").strip()
    dated.tag("recommender@v1.0.0")
    dated.tag("recommender#prod#1")
    assert assigned(small.root, "prod") == first
    dated.tag("recommender@v1.0.0!")
    assert assigned(small.root, "prod") is None


def test_of_an_artifact_that_is_withdrawn_nothing_is_assigned(small: Published, dated: Dated) -> None:
    dated.tag("recommender#prod#1")
    assert assigned(small.root, "prod")
    dated.tag("recommender@deprecated")
    assert assigned(small.root, "prod") is None


def test_tags_that_are_none_of_gtos_or_of_another_artifact_do_not_matter(small: Published, dated: Dated) -> None:
    head = small.git("rev-parse", "HEAD").strip()
    small.git("tag", "recommender#prod#1")
    assert assigned(small.root, "prod") is None, "GTO knows annotated tags alone"
    dated.tag("recommenders#prod#1")
    dated.tag("recommender-other#prod#1")
    dated.tag("recommender#prod#2", "HEAD^{tree}")
    dated.tag("recommender##")
    dated.tag("recommender@created")
    dated.tag("recommenderé#prod#3")
    assert assigned(small.root, "prod") is None
    dated.tag("recommender#prod#4")
    assert assigned(small.root, "prod") == head


def test_a_tag_of_odd_bytes_or_without_a_date_hides_no_other(small: Published, dated: Dated) -> None:
    head = small.git("rev-parse", "HEAD").strip()
    for name, tagger in (
        (b"recommender#prod#1", b""),
        (b"recommender#prod#2", b"tagger T <t@x>\n"),
        (b"recommender#dev#3", b"tagger \xff <t@x> 1700000000 +0000\n"),
        (b"recommender@v1.0.0\xff", b"tagger T <t@x> 1700000000 +0000\n"),
    ):
        content = b"object %s\ntype commit\ntag %s\n%s\nx\n" % (head.encode(), name, tagger)
        made = small.git("hash-object", "-t", "tag", "-w", "--literally", "--stdin", stdin=content)
        (small.root / ".git/refs/tags" / os.fsdecode(name)).write_text(made)
    assert (assigned(small.root, "prod"), assigned(small.root, "dev")) == (None, head)
    dated.tag("recommender@v1.0.0")
    assert versions(small.root) == ["v1.0.0"]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_gto_makes_of_tags_is_made_of_them_here(seed: int, small: Published, dated: Dated) -> None:
    rng = np.random.default_rng(seed)
    commits = [small.git("rev-parse", "HEAD").strip(), small.commit("Second"), small.commit("Third")]
    names = [f"recommender{kind}" for kind in ("@v1.0.0", "@v2.0.0", "@v1.0.0!", "@v2.0.0!")]
    names += [f"recommender#{stage}{mark}" for stage in ("prod", "dev") for mark in ("", "", "!")]
    for number in range(14):
        name = str(rng.choice(names[:2] + names[4:] if seed % 2 else names))
        with contextlib.suppress(subprocess.CalledProcessError):
            dated.tag(f"{name}#{number}" if "#" in name else name, str(rng.choice(commits)))
        with GitRegistry.from_url(str(small.root)) as registry:
            try:
                artifact = registry.get_state().find_artifact("recommender", create_new=True)
            except GTOException:
                return  # it gives up where tags contradict each other
        found = artifact.get_vstages(versions_per_stage=1, sort=VersionSort.Timestamp)
        for stage in ("prod", "dev"):
            last = found.get(stage)
            assert assigned(small.root, stage) == (last[0].commit_hexsha if last else None), (number, stage)
