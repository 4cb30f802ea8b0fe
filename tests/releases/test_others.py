"""What a fresh clone of a small project gives, from the commit and the storage that it names, and from nothing else."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from published import Published

from recommender.errors import RecommenderError
from recommender.releases.checks import require_reachable, require_reproduced
from recommender.releases.clone import fresh_clone
from recommender.releases.others import CREDENTIALS, Others, as_others

ISOLATED = (
    "DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "DVC_SITE_CACHE_DIR", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)  # fmt: skip


@pytest.fixture
def tracked(small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """A project with one file that DVC keeps, in the checkout, the cache and the storage; it has no stages."""
    for name in ISOLATED[:3]:
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv(ISOLATED[3], raising=False)
    small.configure()
    keep(small, "a.json", b"{}")
    return small


def keep(project: Published, name: str, content: bytes) -> Path:
    """Have DVC keep a file, and commit that; give its place in the storage."""
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    key = f"files/md5/{md5[:2]}/{md5[2:]}"
    for path in (project.root / name, project.root / ".dvc/cache" / key, project.storage / key):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    project.write(f"{name}.dvc", f"outs:\n- {{md5: {md5}, size: {len(content)}, hash: md5, path: {Path(name).name}}}\n")
    project.write(".gitignore", "*.json\n.dvc/cache\n.dvc/tmp\n.dvc/config.local\n")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "Keep")
    return project.storage / key


@contextlib.contextmanager
def others_of(project: Published) -> Iterator[Others]:
    head = project.git("rev-parse", "HEAD").strip()
    with fresh_clone(project.root, head) as clone, as_others(project.root, clone) as others:
        yield others


def reachable(project: Published) -> None:
    require_reachable(project.root, project.git("rev-parse", "HEAD").strip())


def refused(project: Published) -> str:
    with pytest.raises(RecommenderError) as error:
        reachable(project)
    assert str(error.value).isprintable()
    return str(error.value)


def test_what_the_commit_and_its_storage_have_can_be_released(tracked: Published) -> None:
    reachable(tracked)
    with others_of(tracked) as others:
        assert (others.changed(), others.missing(), others.elsewhere()) == ({}, [], None)


def test_what_the_storage_lacks_is_named_whatever_this_machine_has(tracked: Published) -> None:
    lost = [keep(tracked, f"{name}.json", name.encode()) for name in "dbc"]
    for path in lost:
        path.unlink()
    with others_of(tracked) as others:
        assert others.missing() == ["b.json", "c.json", "d.json"]
    assert refused(tracked) == "b.json, c.json, d.json are not in the remote storage; `dvc push` first"


def test_a_storage_that_only_this_checkout_names_does_not_count(tracked: Published, tmp_path: Path) -> None:
    moved = tracked.storage.rename(tmp_path / "moved")
    for content in (
        f"['remote \"storage\"']\n    url = {moved}\n",
        f"[core]\n    remote = mine\n['remote \"mine\"']\n    url = {moved}\n",
    ):
        tracked.write(".dvc/config.local", content)
        said = refused(tracked)
        assert said == (
            "a.json is not in the remote storage that the commit names (here, your own DVC settings name another, "
            f"{moved}); `dvc push` first"
        )


def test_a_commit_that_names_no_storage_or_one_beside_the_checkout_is_refused(tracked: Published) -> None:
    for content, message in {
        "": "the committed .dvc/config names no default remote",
        "[core]\n    remote = b\n": "the committed .dvc/config names the default remote 'b', but not where it is",
        "[core]\n    remote = b\n['remote \"b\"']\n    url = ../../storage\n": "the remote 'b' is ../../storage, ",
        "[core]\n    odd = b\n": "DVC cannot open a fresh clone of the commit: ",
    }.items():
        tracked.write(".dvc/config", content)
        tracked.git("commit", "--quiet", "--all", "--message", "x")
        (tracked.root / ".dvc/config").unlink()
        tracked.configure()
        assert message in refused(tracked)


def test_who_one_is_comes_from_this_checkout_and_nothing_else(tracked: Published) -> None:
    tracked.configure(url="webdav://127.0.0.1:9/x")
    tracked.git("commit", "--quiet", "--all", "--message", "x")
    tracked.write(
        ".dvc/config.local",
        "['remote \"storage\"']\n    url = webdav://127.0.0.1:9/y\n    user = me\n    timeout = 7\n"
        "['remote \"other\"']\n    url = /x\n",
    )
    with others_of(tracked) as others:
        remote = others._repo.config["remote"]
        assert list(remote) == ["storage"]
        assert remote["storage"]["url"] == "webdav://127.0.0.1:9/x"
        assert remote["storage"]["user"] == "me"
        assert "timeout" not in remote["storage"]
    assert {"url", "endpointurl", "timeout", "verify", "jobs", "region"}.isdisjoint(CREDENTIALS)


def test_dvc_knows_nothing_of_this_machine_meanwhile_and_all_is_as_before_afterwards(
    tracked: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DVC_SYSTEM_CONFIG_DIR")
    before = {name: os.environ.get(name) for name in ISOLATED}
    with others_of(tracked):
        during = {name: os.environ.get(name) for name in ISOLATED}
        assert all(during[name] != before[name] for name in ISOLATED)
        assert during["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "true"
    assert {name: os.environ.get(name) for name in ISOLATED} == before
    with contextlib.suppress(KeyError), others_of(tracked):
        raise KeyError
    assert {name: os.environ.get(name) for name in ISOLATED} == before


def test_what_is_not_up_to_date_here_is_told(tracked: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tracked.root)
    require_reproduced(tracked.root)
    tracked.write("a.json", "[]")
    with pytest.raises(RecommenderError, match=r"^a\.json\.dvc is not up to date; `dvc repro`, look at the metrics"):
        require_reproduced(tracked.root)
    tracked.write("a.json.dvc", "outs: 5\n")
    with pytest.raises(RecommenderError, match=r"^`dvc status` failed: "):
        require_reproduced(tracked.root)


def test_a_source_that_the_commit_lacks_or_has_otherwise_is_named(tracked: Published) -> None:
    tracked.write("dvc.yaml", "stages:\n  one:\n    cmd: 'true'\n    deps: [source.txt]\n")
    tracked.write("source.txt", "here")
    md5 = hashlib.md5(b"here", usedforsecurity=False).hexdigest()
    dep = f"{{path: source.txt, hash: md5, md5: {md5}, size: 4}}"
    tracked.write("dvc.lock", f"schema: '2.0'\nstages:\n  one:\n    cmd: 'true'\n    deps: [{dep}]\n")
    tracked.git("add", "dvc.yaml", "dvc.lock")
    tracked.git("commit", "--quiet", "--message", "x")
    with others_of(tracked) as others:
        assert others.changed() == {"one": ["source.txt"]}
        assert others.sources(tracked.root, "source.txt") == ["source.txt"]
        assert others.sources(tracked.root, "a.json") == []
    assert "one is not up to date in a fresh clone of the commit (source.txt); commit what they need" in refused(
        tracked
    )
    tracked.write(".git/info/exclude", "# mine\nsource*\n")
    assert refused(tracked) == (
        "source.txt is not in the commit: .git/info/exclude:2 hides it from Git; "
        "`git add --force source.txt` and commit"
    )
    tracked.write("source.txt", "there")
    tracked.git("add", "--force", "source.txt")
    tracked.git("commit", "--quiet", "--message", "x")
    tracked.write("source.txt", "here")
    assert refused(tracked).startswith("source.txt differs between the commit and here, and Git does not show it")
    tracked.git("commit", "--quiet", "--all", "--message", "x")
    reachable(tracked)


def lock(project: Published, stages: str) -> None:
    """Commit stages and what ran of them."""
    project.write("dvc.lock", f"schema: '2.0'\nstages:\n{stages}")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "x")


def test_what_an_artifact_is_read_as_must_be_what_it_was_made_as(tracked: Published) -> None:
    stored = keep(tracked, "made.json", b"made")
    (tracked.root / "made.json.dvc").unlink()
    md5 = stored.parent.name + stored.name
    tracked.write(
        "dvc.yaml",
        "stages:\n  one: {cmd: 'true', outs: [made.json]}\n  two: {cmd: 'true', deps: [made.json]}\n"
        "  three: {cmd: 'true', outs: [{kept.txt: {cache: false}}]}\n",
    )
    tracked.write("kept.txt", "x")
    kept = hashlib.md5(b"x", usedforsecurity=False).hexdigest()

    def entry(path: str, md5: str) -> str:
        return f"[{{path: {path}, hash: md5, md5: {md5}, size: 4}}]"

    def recorded(read: str, made: str, command: str = "true") -> str:
        return (
            f"  one: {{cmd: '{command}', outs: {entry('made.json', made)}}}\n"
            f"  two: {{cmd: 'true', deps: {entry('made.json', read)}}}\n"
            f"  three: {{cmd: 'true', outs: {entry('kept.txt', kept)}}}\n"
        )

    for text, wanted in (
        (recorded(md5, md5), {}),
        (recorded("0a" * 16, md5), {"two": ["made.json"]}),
        (recorded(md5, md5, "false"), {"one": []}),
    ):
        lock(tracked, text)
        with others_of(tracked) as others:
            assert others.changed() == wanted
    lock(tracked, recorded(md5, md5))
    tracked.git("rm", "--quiet", "--cached", "kept.txt")
    tracked.git("commit", "--quiet", "--message", "x")
    with others_of(tracked) as others:
        assert others.changed() == {"three": ["kept.txt"]}
        assert others.missing() == []


def test_of_a_folder_the_file_that_differs_is_named(tracked: Published) -> None:
    tracked.write("dvc.yaml", "stages:\n  one:\n    cmd: 'true'\n    deps: [src]\n")
    for name in ("src/b", "src/a", "src/deep/c", "src/own.json"):
        tracked.write(name, "same")
    lock(
        tracked,
        f"  one:\n    cmd: 'true'\n    deps: [{{path: src, hash: md5, md5: {'0a' * 16}.dir, size: 4, nfiles: 2}}]\n",
    )
    tracked.write(".dvcignore", "own.json\n")
    lock(tracked, (tracked.root / "dvc.lock").read_text().partition("stages:\n")[2])
    with others_of(tracked) as others:
        assert others.sources(tracked.root, "src") == ["src/a", "src/b", "src/deep/c"]
    tracked.write("src/b", "other")
    assert refused(tracked).startswith("src/b differs between the commit and here")


def test_a_link_that_leads_out_is_refused_before_dvc_is_asked(tracked: Published) -> None:
    (tracked.root / "link").symlink_to("/nowhere")
    tracked.git("add", "--all")
    tracked.git("commit", "--quiet", "--message", "x")
    assert refused(tracked).startswith("link is a link to /nowhere, outside the repository")


def test_a_file_of_a_folder_that_dvc_keeps_is_an_artifact(tracked: Published) -> None:
    part = hashlib.md5(b"part", usedforsecurity=False).hexdigest()
    listing = f'[{{"md5": "{part}", "relpath": "part"}}]'.encode()
    stored = keep(tracked, "listing.json", listing)
    keep(tracked, "part.json", b"part")
    for place in (stored, tracked.root / ".dvc/cache" / stored.relative_to(tracked.storage)):
        place.rename(place.with_name(f"{place.name}.dir"))
    for name in ("listing.json.dvc", "part.json.dvc"):
        (tracked.root / name).unlink()
    out = f"{{md5: {stored.parent.name}{stored.name}.dir, size: 4, nfiles: 1, hash: md5, path: folder}}"
    tracked.write("folder.dvc", f"outs:\n- {out}\n")
    tracked.write(".gitignore", "*.json\n.dvc/cache\n.dvc/tmp\n/folder\n")
    tracked.write("dvc.yaml", "stages:\n  one: {cmd: 'true', deps: [folder/part]}\n")
    lock(tracked, f"  one: {{cmd: 'true', deps: [{{path: folder/part, hash: md5, md5: {part}, size: 4}}]}}\n")
    with others_of(tracked) as others:
        assert (others.changed(), others.missing()) == ({}, [])


def test_an_artifact_that_is_not_to_be_pushed_is_missing_all_the_same(tracked: Published) -> None:
    keep(tracked, "b.json", b"b").unlink()
    tracked.write("b.json.dvc", (tracked.root / "b.json.dvc").read_text().replace("}", ", push: false}"))
    tracked.git("commit", "--quiet", "--all", "--message", "x")
    with others_of(tracked) as others:
        assert others.missing() == ["b.json"]
