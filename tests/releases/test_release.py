"""A release is cut only when others can rely on it."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from projects import Project


def refused(project: Project, *arguments: str) -> str:
    done = project.recommender("release", *arguments, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def retrained(project: Project, old: str, new: str) -> None:
    project.replace("params.yaml", old, new)
    project.dvc("repro")
    project.commit(f"Set {new}")
    project.dvc("push", "--quiet")


def test_it_is_gtos_tag_and_is_listed_with_its_metrics(pushed: Project) -> None:
    assert "nothing is released yet" in pushed.recommender("releases").stdout
    pushed.recommender("release", "v1.0.0", "--dry-run")
    assert not pushed.git("tag")
    pushed.recommender("release", "v1.0.0", "-m", "The first")
    assert (
        pushed.git("tag", "--list", "--format=%(refname:short) %(contents:subject)") == "recommender@v1.0.0 The first\n"
    )
    assert "v1.0.0" in pushed.run("gto", "show").stdout
    (listed,) = json.loads(pushed.recommender("releases", "--format", "json").stdout)
    ranking = json.loads(pushed.path("metrics/ranking.json").read_text())["model"]
    assert (listed["release"], listed["users"], listed["ndcg@10"]) == ("v1.0.0", 500, ranking["ndcg@10"])
    assert "v1.0.0 is released already" in refused(pushed, "v1.0.0")
    assert "this commit is released already, as v1.0.0" in refused(pushed, "v1.0.1", "--dry-run")


def test_dvc_gets_the_artifact_by_its_name_and_version(pushed: Project, tmp_path: Path) -> None:
    pushed.recommender("release", "v1.0.0")
    pushed.dvc("artifacts", "get", str(pushed.root), "recommender", "--rev", "v1.0.0", "-o", str(tmp_path / "got.npz"))
    assert (tmp_path / "got.npz").read_bytes() == pushed.path("models/factors.npz").read_bytes()


def test_what_is_not_committed_is_refused(pushed: Project) -> None:
    pushed.path("notes.txt").write_text("untracked")
    pushed.git("config", "status.showUntrackedFiles", "no")
    assert "notes.txt is not committed" in refused(pushed, "v1.0.0")
    pushed.commit()
    pushed.replace("README.md", "#", "##")
    assert "README.md is not committed" in refused(pushed, "v1.0.0")


def test_what_is_not_reproduced_is_refused(pushed: Project) -> None:
    pushed.replace("params.yaml", "epochs: 20", "epochs: 21")
    pushed.commit()
    message = refused(pushed, "v1.0.0")
    assert "backtest, evaluate, learning_curve and 4 more are not up to date; `dvc repro`" in message


def test_what_is_not_pushed_is_refused(pushed: Project) -> None:
    storage = pushed.root.parent / "home/.local/share/recommender/storage"
    assert storage.is_dir()
    lost = next(path for path in storage.rglob("*") if path.is_file())
    lost.unlink()
    assert "not in the remote storage; `dvc push` first" in refused(pushed, "v1.0.0")
    pushed.dvc("push")
    pushed.recommender("release", "v1.0.0")


def test_without_a_remote_it_is_refused(pushed: Project) -> None:
    pushed.dvc("remote", "remove", "storage")
    pushed.commit()
    assert "the remote storage cannot be checked" in refused(pushed, "v1.0.0")


def test_a_model_that_is_worse_beyond_chance_is_refused_unless_meant(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    retrained(pushed, "epochs: 20", "epochs: 1")
    assert "the model is worse than v1.0.0; --even-if-worse" in refused(pushed, "v1.1.0")
    assert pushed.git("tag").split() == ["recommender@v1.0.0"]
    assert "ndcg@10 against v1.0.0" in pushed.recommender("release", "v1.1.0", "--even-if-worse").stdout
    retrained(pushed, "epochs: 1", "epochs: 20")
    done = pushed.recommender("release", "v1.2.0")
    assert "ndcg@10 against v1.1.0, on the same test interactions: +0." in done.stdout


def test_models_tested_on_other_interactions_are_not_compared(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    retrained(pushed, "  cold_users: false\n  seed: 42", "  cold_users: false\n  seed: 43")
    assert "not compared with v1.0.0: the test interactions differ" in pushed.recommender("release", "v1.1.0").stdout


def test_a_last_release_that_cannot_be_compared_with_is_refused_unless_meant(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    retrained(pushed, "ks: [10, 5, 20]", "ks: [7, 5]")
    assert "ndcg@5 against v1.0.0" in pushed.recommender("release", "v1.1.0", "--dry-run").stdout
    retrained(pushed, "ks: [7, 5]", "ks: [7]")
    assert "no common k" in refused(pushed, "v1.1.0")
    assert "not compared with v1.0.0" in pushed.recommender("release", "v1.1.0", "--even-if-worse").stdout


def test_odd_tags_do_not_keep_a_release_from_being_cut(pushed: Project) -> None:
    head, tree = pushed.git("rev-parse", "HEAD", "HEAD^{tree}").split()
    for name, target in ((b"\xff\xfe", head), (b"recommender@v0.1.0", tree), (b"recommender@v0.2.0\xff", head)):
        (pushed.path(".git/refs/tags") / os.fsdecode(name)).write_text(f"{target}\n")
    pushed.recommender("release", "v1.0.0", "-m", "Über alles\n\nand more")
    shown = pushed.git("tag", "--list", "--format=%(objecttype) %(*objectname) %(contents)", "recommender@v1.0.0")
    assert shown.split("\n")[:3] == [f"tag {head} Über alles", "", "and more"]
    assert pushed.recommender("releases").stdout.count("v1.0.0") == 1


def test_withdrawn_and_other_tags_are_no_releases(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    pushed.commit("Nothing but a message")
    pushed.recommender("release", "v1.1.0")
    pushed.run("gto", "deprecate", "recommender", "v1.1.0", "--repo", ".")
    pushed.git("tag", "recommender@vfoo")
    (listed,) = json.loads(pushed.recommender("releases", "--format", "json").stdout)
    assert listed["release"] == "v1.0.0"


def test_a_release_without_metrics_is_listed_without_numbers(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    pushed.git("rm", "--quiet", "metrics/data.json")
    pushed.commit("Lose the metrics")
    pushed.git("tag", "recommender@v1.1.0")
    done = pushed.recommender("releases")
    assert "v1.1.0 is listed without numbers" in done.stderr
    assert "v1.1.0" in done.stdout
    assert "500" in done.stdout


def test_a_project_in_a_folder_of_a_repository_is_refused(pushed: Project) -> None:
    (pushed.root.parent / ".gitignore").write_text("home/\n")
    shutil.rmtree(pushed.path(".git"))
    outer = Project(pushed.root.parent)
    outer.git("init", "--quiet")
    outer.commit()
    assert "a folder inside a Git repository" in refused(pushed, "v1.0.0")


def test_without_a_name_for_git_it_is_refused_in_one_line(pushed: Project) -> None:
    nameless = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"), "")
    done = pushed.run(sys.executable, "-m", "recommender", "release", "v1.0.0", check=False, **nameless)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "`git tag` in" in done.stderr


def test_the_last_releases_values_come_from_the_storage_of_a_fresh_clone(pushed: Project) -> None:
    pushed.recommender("release", "v1.0.0")
    shutil.rmtree(pushed.path(".dvc/cache"))
    pushed.dvc("pull")
    pushed.commit("Nothing but a message")
    assert "+0.0000" in pushed.recommender("release", "v1.0.1").stdout


@pytest.mark.parametrize("version", ["1.0.0", "v1.0", "v1.0.0-rc", "v01.0.0", "v\u0661.0.0", "latest"])
def test_what_is_no_version_is_wrong_usage(version: str, reproduced: Project) -> None:
    done = reproduced.recommender("release", version, check=False)
    assert done.returncode == 2
    assert "is not a version such as v1.2.0" in done.stderr


def test_an_older_version_is_refused_unless_meant_and_compared_with_the_one_before_it(pushed: Project) -> None:
    for version in ("v1.4.0", "v1.10.0", "v2.0.0"):
        pushed.git("tag", f"recommender@{version}")
        pushed.commit("Nothing but a message")
    assert "v2.0.0 is released already, and v1.5.0 would come before it; --older" in refused(pushed, "v1.5.0")
    assert pushed.git("tag").count("\n") == 3
    assert "ndcg@10 against v1.4.0, on" in pushed.recommender("release", "v1.5.0", "--older", "--dry-run").stdout
    assert "ndcg@10 against v1.10.0, on" in pushed.recommender("release", "v1.10.1", "--older").stdout
    pushed.commit("Nothing but a message")
    done = pushed.recommender("release", "v0.9.0", "--older").stdout
    assert "not compared: no release comes before v0.9.0" in done
