"""`recommender check` and `recommender sample`."""

from pathlib import Path

from projects import Project


def test_check_says_nothing_or_names_the_key(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    assert project.recommender("check").stdout == ""
    project.replace("params.yaml", "epochs: 20", "epochs: twenty")
    done = project.recommender("check", check=False)
    assert done.returncode == 1
    assert done.stderr == "recommender: params.yaml.train.epochs is 'twenty': it must be a valid integer\n"


def test_the_shipped_sample_is_what_the_command_makes(shipped: Project, tmp_path: Path) -> None:
    shipped.recommender("sample", "--to", str(tmp_path))
    for name in ("users.csv", "programs.csv", "interactions.csv"):
        assert (tmp_path / name).read_bytes() == shipped.path(f"data/raw/{name}").read_bytes()


def test_a_sample_does_not_write_over_what_is_nowhere_else(shipped: Project, tmp_path: Path) -> None:
    project = shipped.copy(tmp_path / "project")
    project.path("data/raw/users.csv").write_text("user_id\nprecious\n")
    done = project.recommender("sample", check=False)
    assert done.returncode == 1
    assert "neither Git nor DVC has" in done.stderr
    assert project.path("data/raw/users.csv").read_text() == "user_id\nprecious\n"


def test_a_wrong_count_is_wrong_usage(shipped: Project) -> None:
    done = shipped.recommender("sample", "--users", "many", check=False)
    assert done.returncode == 2
    assert "'many' is not a whole number of at least 1" in done.stderr
