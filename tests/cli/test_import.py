"""`recommender import` takes a team's own files, and loses nothing."""

import csv
from pathlib import Path

import pytest
import yaml
from projects import Project

RATINGS = "userId,movieId,rating,timestamp\n7,1,5.0,100\n007,1,4.0,200\n7,02,1.5,300\n8,02,4.5,400\n8,1,3.0,500\n"
MOVIES = 'movieId,title,genres\n1,"Toy Story, the (1995)",Comedy\n02,Jumanji (1995),Children\n'
MAPPED = ("--map", "user_id=userId", "--map", "program_id=movieId", "--map", "interaction=rating")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "ratings.csv").write_text(RATINGS)
    (folder / "movies.csv").write_text(MOVIES)
    return folder


@pytest.fixture
def fresh(shipped: Project, tmp_path: Path) -> Project:
    return shipped.copy(tmp_path / "project")


def import_films(project: Project, films: Path, *more: str, check: bool = True) -> str:
    files = ("--interactions", f"{films}/ratings.csv", "--programs", f"{films}/movies.csv")
    done = project.recommender("import", *files, *MAPPED, *more, check=check)
    return done.stdout if check else done.stderr


def test_files_without_a_users_file_go_to_recommendations_by_titles_with_two_commands(
    fresh: Project, films: Path
) -> None:
    said = import_films(fresh, films, "--positive-threshold", "3")
    assert "5 interactions of 3 users and 2 programs, 4 of them positive" in said
    fresh.replace("params.yaml", "test_fraction: 0.2", "test_fraction: 0.5")
    fresh.replace("params.yaml", "cold_users: false", "cold_users: true")
    params = yaml.safe_load(fresh.path("params.yaml").read_text())["data"]
    assert params["columns"]["interactions"]["interaction"] == "rating"
    assert params["columns"]["programs"] == {"program_id": "movieId", "title": "title"}
    assert params["positive_threshold"] == 3
    assert "# what people read" in fresh.path("params.yaml").read_text()
    fresh.dvc("repro", "train")
    shown = fresh.recommender("recommend", "7", "--format", "csv").stdout
    assert [row["title"] for row in csv.DictReader(shown.splitlines())] == ["Jumanji (1995)"]


def test_an_id_with_a_carriage_return_survives_an_import_without_a_users_file(fresh: Project, tmp_path: Path) -> None:
    ids = ["a\rb", "a\nb", "a\r\nb", 'q"', "c,d", " e ", "\ufefff"]
    quoted = [id_.replace('"', '""') for id_ in ids]
    rows = ["user_id,program_id,interaction", *(f'"{id_}","{id_}",1' for id_ in quoted)]
    (tmp_path / "r.csv").write_bytes("\n".join(rows).encode())
    said = fresh.recommender("import", "--interactions", f"{tmp_path}/r.csv", "--unknown-ids", "drop").stdout
    assert said.startswith("7 interactions of 7 users and 7 programs, 7 of them positive")
    written = fresh.path("data/raw/users.csv").read_bytes()
    assert written == ("\n".join(['"user_id"', *(f'"{id_}"' for id_ in quoted)]) + "\n").encode()


def test_dvc_tracks_the_files_and_git_only_their_hashes(fresh: Project, films: Path) -> None:
    import_films(fresh, films)
    fresh.git("commit", "--quiet", "--all", "--message", "Import")
    tracked = fresh.git("ls-files", "data/raw").split()
    assert tracked == [f"data/raw/{name}" for name in (".gitignore", *(f"{f}.csv.dvc" for f in FILES))]
    assert fresh.git("status", "--porcelain") == ""
    assert fresh.path("data/raw/interactions.csv").read_text() == RATINGS


FILES = ("interactions", "programs", "users")


def test_a_second_import_replaces_the_first_and_git_brings_the_first_back(fresh: Project, films: Path) -> None:
    import_films(fresh, films)
    fresh.commit("First")
    (films / "ratings.csv").write_text(RATINGS + "9,1,5.0,600\n")
    import_films(fresh, films)
    fresh.commit("Second")
    assert fresh.path("data/raw/interactions.csv").read_text().endswith("9,1,5.0,600\n")
    fresh.git("checkout", "--quiet", "HEAD~1")
    fresh.dvc("checkout", "--allow-missing")
    assert fresh.path("data/raw/interactions.csv").read_text() == RATINGS


def test_bad_files_are_refused_before_anything_is_replaced(fresh: Project, films: Path) -> None:
    (films / "ratings.csv").write_text(RATINGS + "9,3,5.0,600\n")
    before = fresh.path("data/raw/interactions.csv").read_bytes()
    said = import_films(fresh, films, check=False)
    assert "ratings.csv line 7: movieId '3' is not in programs" in said
    assert fresh.path("data/raw/interactions.csv").read_bytes() == before
    assert fresh.git("status", "--porcelain") == ""


def test_content_that_is_nowhere_else_is_not_replaced(fresh: Project, films: Path) -> None:
    fresh.path("data/raw/users.csv").write_text("user_id\nprecious\n")
    said = import_films(fresh, films, check=False)
    assert "data/raw/users.csv has content that neither Git nor DVC has" in said
    assert fresh.path("data/raw/users.csv").read_text() == "user_id\nprecious\n"
    import_films(fresh, films, "--force")
    assert "precious" not in fresh.path("data/raw/users.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--map", "interactions.user_id=nobody"], "has no column 'nobody'; it has userId, movieId, rating, timestamp"),
        (["--map", "users.title=name"], "title is a column of programs, not of users"),
        (["--map", "user_id=other"], "--map user_id is given twice for the same file; give it once"),
        (["--delimiter", "users=;", "--delimiter", "users=tab"], "--delimiter is given twice for the same file"),
        (["--delimiter", "::"], "data.delimiter is '::': it must be one ASCII character"),
        (["--delimiter", "tab"], "and seems to be delimited by ','. Say so by `--delimiter ','`"),
        (["--users", "nowhere.csv"], "nowhere.csv is not a file"),
        (["--encoding", "utf-9"], "data.encoding is 'utf-9'"),
    ],
)
def test_a_wrong_argument_is_one_line(arguments: list[str], message: str, fresh: Project, films: Path) -> None:
    said = import_films(fresh, films, *arguments, check=False)
    assert message in said
    assert len(said.splitlines()) == 1


def test_files_without_a_header_are_taken_by_position_and_an_export_later_with_names(
    fresh: Project, tmp_path: Path
) -> None:
    (tmp_path / "u.data").write_text("7\t1\t5\t100\n007\t2\t4\t200\n")
    (tmp_path / "u.item").write_bytes("1|Am\ufffdlie|x\n2|Léon|y\n".encode())
    files = ("--interactions", f"{tmp_path}/u.data", "--programs", f"{tmp_path}/u.item", "--no-header")
    forms = ("--delimiter", "tab", "--delimiter", "programs=|")
    mapped = [f"--map={name}" for name in ("user_id=1", "program_id=2", "interaction=3", "timestamp=4")]
    done = fresh.recommender("import", *files, *forms, *mapped, "--map=programs.program_id=1", "--map=title=2")
    assert done.stdout.startswith("2 interactions of 2 users and 2 programs, 2 of them positive, are in data/raw.\n")
    assert "Written anew there, in UTF-8 with commas and a header: u.item, u.data.\n" in done.stdout
    assert "texts with U+FFFD, where a letter was lost: 1 of 2 in u.item, column title" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(fresh.path("data/raw/interactions.csv").read_text().splitlines()) == 3
    fresh.commit("Import")
    (tmp_path / "later.csv").write_text("user_id,program_id,interaction,timestamp\n1,2,1,100\n")
    said = fresh.recommender("import", "--interactions", f"{tmp_path}/later.csv").stdout
    assert said.startswith("1 interactions of 1 users and 1 programs")


def test_a_tab_in_params_yaml_is_one_character(fresh: Project, tmp_path: Path) -> None:
    (tmp_path / "r.tsv").write_text("user_id\tprogram_id\tinteraction\n1\t2\t1\n")
    fresh.recommender("import", "--interactions", f"{tmp_path}/r.tsv", "--delimiter", "\\t")
    assert yaml.safe_load(fresh.path("params.yaml").read_text())["data"]["delimiter"] == "\t"
    assert fresh.path("data/raw/interactions.csv").read_bytes() == (tmp_path / "r.tsv").read_bytes()


def test_wrong_usage_exits_with_2(fresh: Project) -> None:
    done = fresh.recommender("import", "--interactions", "x.csv", "--map", "nothing", check=False)
    assert done.returncode == 2
    assert "'nothing' is not NAME=COLUMN with a NAME out of user_id, program_id" in done.stderr
