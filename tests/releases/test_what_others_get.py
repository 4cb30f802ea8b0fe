"""A release is what others get: of the commit, of its own configuration, and of the storage that this names."""

from pathlib import Path

import pytest
import yaml
from projects import Project

from recommender.errors import RecommenderError
from recommender.releases.checks import require_clean_tree, require_reachable
from recommender.serving.repository import Repository

PARAMS = "params.yaml"


def refused(project: Project, *arguments: str) -> str:
    done = project.recommender("release", "v1.0.0", "--dry-run", *arguments, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stdout + done.stderr
    return done.stderr


def storage(project: Project) -> Path:
    return project.root.parent / "home/.local/share/recommender/storage"


def rerun(project: Project) -> None:
    """Make what is here now what `dvc.lock` and the storage have, and commit what Git sees of it."""
    project.dvc("repro", "--quiet")
    project.dvc("push", "--quiet")
    project.commit()


def test_a_remote_that_only_ones_own_settings_name_is_refused(pushed: Project) -> None:
    private = pushed.root.parent / "private"
    pushed.dvc("remote", "add", "--local", "--default", "mine", str(private))
    storage(pushed).rename(private)
    assert pushed.dvc("status", "--cloud").stdout == "Cache and remote 'mine' are in sync.\n"
    message = refused(pushed)
    assert "not in the remote storage that the commit names (here, your own DVC settings name another, " in message
    assert f"{private}); `dvc push" in message

    pushed.path(".dvc/config.local").unlink()
    pushed.dvc("remote", "modify", "--local", "storage", "url", str(private))
    assert "not in the remote storage that the commit names" in refused(pushed)

    pushed.path(".dvc/config.local").unlink()
    pushed.environment["DVC_GLOBAL_CONFIG_DIR"] = str(pushed.root.parent / "global")
    pushed.dvc("remote", "add", "--global", "--default", "mine", str(private))
    pushed.dvc("remote", "remove", "storage")
    pushed.commit()
    assert "the remote storage cannot be checked: the committed .dvc/config names no" in refused(pushed)


def test_a_remote_that_is_found_from_this_checkout_alone_is_refused(pushed: Project) -> None:
    storage(pushed).rename(pushed.root.parent / "beside")
    pushed.dvc("remote", "modify", "storage", "url", "../beside")
    pushed.commit()
    message = refused(pushed)
    assert (
        "the remote 'storage' is ../../beside, relative to this checkout's .dvc, where others have nothing" in message
    )


def test_who_one_is_comes_from_ones_own_settings_and_where_the_storage_is_does_not(pushed: Project) -> None:
    pushed.path(".dvc/config.local").write_text("['remote \"storage\"']\n    verify = false\n    jobs = 1\n")
    assert "can be released" in pushed.recommender("release", "v1.0.0", "--dry-run").stdout
    pushed.dvc("remote", "modify", "storage", "url", "webdav://127.0.0.1:9/storage")
    pushed.dvc("remote", "modify", "--local", "storage", "user", "somebody")
    pushed.commit()
    assert "the remote storage cannot be checked" in refused(pushed)


@pytest.mark.parametrize("by", [".git/info/exclude", "global"])
def test_a_source_that_is_hidden_from_git_is_refused(by: str, pushed: Project) -> None:
    pushed.path("src/recommender/baselines/extra.py").write_text("EXTRA = 1\n")
    ignoring = pushed.path(".git/info/exclude") if by.startswith(".git") else pushed.root.parent / "ignored"
    ignoring.parent.mkdir(exist_ok=True)
    ignoring.write_text("*.swp\nextra.py\n")
    if by == "global":
        pushed.git("config", "core.excludesFile", str(ignoring))
    rerun(pushed)
    assert pushed.git("status", "--short") == ""
    message = refused(pushed)
    assert (
        f"src/recommender/baselines/extra.py is not in the commit: {by if by != 'global' else ignoring}:2 hides"
        in message
    )
    assert "`git add --force src/recommender/baselines/extra.py` and commit" in message


def test_what_others_ignore_too_and_nothing_depends_on_is_no_matter(pushed: Project) -> None:
    pushed.path(".git/info/exclude").write_text("*.swp\nnotes.txt\n")
    pushed.path("notes.txt").touch()
    pushed.path("src/recommender/metrics/.auc.py.swp").touch()
    assert "can be released" in pushed.recommender("release", "v1.0.0", "--dry-run").stdout


@pytest.mark.parametrize("flag", ["skip-worktree", "assume-unchanged"])
@pytest.mark.parametrize("name", [PARAMS, "src/recommender/metrics/auc.py"])
def test_a_file_that_git_is_told_not_to_look_at_is_refused(
    flag: str, name: str, shipped: Project, tmp_path: Path
) -> None:
    project = shipped.copy(tmp_path / "project")
    project.git("update-index", f"--{flag}", name)
    project.path(name).write_text("# changed\n" + project.path(name).read_text())
    assert project.git("status", "--short") == ""
    with pytest.raises(RecommenderError, match=f"{name} is flagged {flag}, .*; `git update-index --no-{flag} {name}`"):
        require_clean_tree(Repository(project.root))


@pytest.mark.parametrize("attributes", [".gitattributes", ".git/info/attributes"])
def test_params_that_a_filter_makes_others_in_git_are_refused(attributes: str, pushed: Project) -> None:
    pushed.git("config", "filter.quiet.clean", "sed 's/include_seen: true$/include_seen: false/'")
    pushed.path(attributes).parent.mkdir(exist_ok=True)
    pushed.path(attributes).write_text(f"{PARAMS} filter=quiet\n")
    pushed.replace(PARAMS, "include_seen: false", "include_seen: true")
    rerun(pushed)
    assert pushed.git("status", "--short") == ""
    assert "include_seen: false" in pushed.git("show", f"HEAD:{PARAMS}")
    message = refused(pushed)
    assert f"{PARAMS} differs between the commit and here, and Git does not show it" in message
    assert f"see `git check-attr --all {PARAMS}`" in message


def test_a_commit_that_looks_otherwise_here_alone_is_refused(pushed: Project) -> None:
    pushed.replace(PARAMS, "include_seen: false", "include_seen: true")
    rerun(pushed)
    new, before = (pushed.git("rev-parse", name).strip() for name in ("HEAD", f"HEAD~1:{PARAMS}"))
    pushed.git("update-index", "--cacheinfo", f"100644,{before},{PARAMS}")
    pushed.git("commit", "--quiet", "--message", "The old params, and what came of the new ones")
    pushed.git("replace", "HEAD", new)
    pushed.git("reset", "--quiet", "--hard")
    assert (pushed.git("status", "--short"), "include_seen: true\n" in pushed.path(PARAMS).read_text()) == ("", True)
    assert f"{PARAMS} is not committed" in refused(pushed)


def test_a_submodule_or_a_link_that_leads_out_of_the_repository_is_refused(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    outside = tmp_path / "params.yaml"
    project.path(PARAMS).rename(outside)
    project.path(PARAMS).symlink_to(outside)
    project.commit()
    head = project.git("rev-parse", "HEAD").strip()
    with pytest.raises(RecommenderError, match=rf"{PARAMS} is a link to {outside}, outside the repository"):
        require_reachable(project.root, head)
    project.path(PARAMS).unlink()
    outside.rename(project.path(PARAMS))
    project.path("same.yaml").symlink_to(PARAMS)
    project.git("add", "--all")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{head},src/vendored")
    project.git("commit", "--quiet", "--message", "A link within is no matter, a submodule is")
    with pytest.raises(RecommenderError, match="src/vendored is a submodule, which a clone leaves empty"):
        require_reachable(project.root, project.git("rev-parse", "HEAD").strip())


@pytest.mark.parametrize("name", ["metrics/data.json", "src/recommender/files/columns.py"])
def test_metrics_and_sources_that_the_commit_has_not_are_refused(name: str, pushed: Project) -> None:
    pushed.git("rm", "--quiet", "--cached", name)
    pushed.path(".git/info/exclude").write_text(f"{name}\n")
    pushed.git("commit", "--quiet", "--message", "Forget it")
    assert pushed.dvc("status").stdout == "Data and pipelines are up to date.\n"
    assert f"{name} is not in the commit: .git/info/exclude:1 hides it from Git" in refused(pushed)


def test_an_artifact_that_dvc_remembers_the_storage_to_have_is_looked_up_all_the_same(pushed: Project) -> None:
    folder = pushed.path("data/folder")
    folder.mkdir()
    for name in ("one", "two"):
        (folder / name).write_text(name)
    pushed.dvc("add", "--quiet", "data/folder")
    pushed.dvc("push", "--quiet")
    pushed.commit()
    (lost,) = (path for path in storage(pushed).rglob("*") if path.is_file() and path.read_bytes() == b"one")
    lost.unlink()
    # DVC takes it that where the list of a folder's files is, the files are.
    assert pushed.dvc("status", "--cloud").stdout == "Cache and remote 'storage' are in sync.\n"
    assert "data/folder is not in the remote storage; `dvc push` first" in refused(pushed)


def test_an_artifact_that_is_not_to_be_pushed_is_refused(pushed: Project) -> None:
    stages = yaml.safe_load(pushed.path("dvc.yaml").read_text())
    outs = stages["stages"]["recommend"]["outs"]
    stages["stages"]["recommend"]["outs"] = [{outs[0]: {"push": False}}]
    pushed.path("dvc.yaml").write_text(yaml.safe_dump(stages, sort_keys=False))
    for path in storage(pushed).rglob("*"):
        if path.is_file():
            path.unlink()
    pushed.dvc("push", "--quiet")
    pushed.commit()
    assert f"{outs[0]} is not in the remote storage; `dvc push` first" in refused(pushed)


def test_nothing_is_left_behind_and_no_setting_of_ones_own_is_changed(pushed: Project, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    pushed.environment["TMPDIR"] = str(tmp_path / "tmp")
    before = pushed.git("for-each-ref") + pushed.git("config", "--list", "--local") + pushed.git("worktree", "list")
    assert "can be released" in pushed.recommender("release", "v1.0.0", "--dry-run").stdout
    after = pushed.git("for-each-ref") + pushed.git("config", "--list", "--local") + pushed.git("worktree", "list")
    assert (after, list((tmp_path / "tmp").iterdir())) == (before, [])
    assert pushed.git("status", "--short") == ""
