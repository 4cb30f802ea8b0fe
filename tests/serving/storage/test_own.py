"""One's own checkout gives an object from its cache or the remotes that it configures as it lies there."""

import hashlib
from pathlib import Path

import pytest
from published import Published
from serving.storage.fetching import CONTENT, MD5, stored

from recommender.serving.storage import own
from recommender.serving.storage.transfer import Failed, Missing


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("DVC_SYSTEM_CONFIG_DIR", str(tmp_path / "none"))
    (tmp_path / "project/.dvc").mkdir(parents=True)
    return tmp_path / "project"


def configure(checkout: Path, default: str | None = "b", cache: str = "", more: str = "", **remotes: str) -> None:
    lines = [f"[core]\n    remote = {default}"] if default else []
    lines += [f"['remote \"{name}\"']\n    url = {url}\n{more}" for name, url in remotes.items()]
    lines += [f"[cache]\n    dir = {cache}"] if cache else []
    (checkout / ".dvc/config").write_text("\n".join(lines) + "\n")


def got(checkout: Path) -> bytes:
    target = checkout.parent / "fetched"
    own.fetch(checkout, "HEAD", "models/a", MD5, target)
    return target.read_bytes()


def test_what_the_cache_has_is_taken_from_there(checkout: Path, tmp_path: Path) -> None:
    configure(checkout, b=str(tmp_path / "b"))
    stored(tmp_path / "b", b"of the remote")
    assert got(checkout) == b"of the remote"
    stored(checkout / ".dvc/cache", b"of the cache")
    assert got(checkout) == b"of the cache"
    stored(tmp_path / "cache", b"of another cache")
    configure(checkout, cache=str(tmp_path / "cache"), b=str(tmp_path / "b"))
    assert got(checkout) == b"of another cache"


def test_the_default_remote_is_asked_first_and_then_the_others(checkout: Path, tmp_path: Path) -> None:
    configure(checkout, **{name: str(tmp_path / name) for name in "abc"})
    with pytest.raises(Missing, match=str(checkout)):
        got(checkout)
    for name in "cab":
        stored(tmp_path / name, name.encode())
        assert got(checkout) == {"c": b"c", "a": b"a", "b": b"b"}[name]


def test_a_remote_that_cannot_be_read_is_told_only_if_no_other_has_the_object(checkout: Path, tmp_path: Path) -> None:
    for name in ("b", "c"):
        path = stored(tmp_path / name)
        path.unlink()
        path.symlink_to(path)
    configure(checkout, **{name: str(tmp_path / name) for name in "abcd"})
    with pytest.raises(Failed, match=f"Too many levels of symbolic links: '{tmp_path / 'b'}"):
        got(checkout)
    stored(tmp_path / "d")
    assert got(checkout) == CONTENT


def test_a_checkout_without_a_remote_or_with_a_broken_configuration_is_one_line(checkout: Path) -> None:
    configure(checkout, default=None)
    with pytest.raises(Failed, match=r"no remote is configured; `dvc remote add --default storage URL` adds one"):
        got(checkout)
    (checkout / ".dvc/config").write_text("[core]\n    remote = a\n    odd = b\n    worse = c\n")
    with pytest.raises(Failed) as error:
        got(checkout)
    assert "extra keys not allowed" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("option", ["version_aware", "worktree"])
def test_where_the_cloud_keeps_versions_dvc_itself_is_asked(option: str, checkout: Path, tmp_path: Path) -> None:
    stored(tmp_path / "b")
    configure(checkout, more=f"    {option} = true\n", b=str(tmp_path / "b"))
    with pytest.raises(Failed, match="is not a git repository"):
        got(checkout)


def test_where_the_cloud_keeps_versions_the_revisions_own_one_is_taken(
    small: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GLOBAL_CONFIG_DIR", "SYSTEM_CONFIG_DIR", "SITE_CACHE_DIR"):
        monkeypatch.setenv(f"DVC_{name}", str(tmp_path / "none"))
    small.write(".dvc/config", "")
    commits = []
    for content in (b"one", b"two"):
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        small.write(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}", content)
        small.write("a.json.dvc", f"outs:\n- {{md5: {md5}, size: 3, hash: md5, path: a.json}}\n")
        small.git("add", "a.json.dvc", ".dvc/config")
        small.git("commit", "--quiet", "--message", "x")
        commits.append(small.git("rev-parse", "HEAD").strip())
    for commit, content in zip(commits, (b"one", b"two"), strict=True):
        own._from_versions(small.root, commit, "a.json", tmp_path / "fetched")
        assert (tmp_path / "fetched").read_bytes() == content
