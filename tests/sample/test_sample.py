"""The sample is the same bytes for the same seed, reads as real data, and has tastes for a model to find."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pytest

from recommender.sample.write import programs, write_sample


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        write_sample(tmp_path / name, n_users=40, n_programs=20, n_interactions=200, seed=seed)
    for name in ("users.csv", "interactions.csv"):
        one, same, other = ((tmp_path / folder / name).read_bytes() for folder in ("one", "same", "other"))
        assert one == same != other


@pytest.mark.parametrize(("n_users", "n_programs", "n_interactions"), [(500, 50, 8000), (2000, 300, 60_000), (3, 2, 5)])
def test_it_has_about_the_size_asked_for_and_each_pair_once(
    n_users: int, n_programs: int, n_interactions: int, tmp_path: Path
) -> None:
    written: list[int] = []
    size = {"n_users": n_users, "n_programs": n_programs, "n_interactions": n_interactions}
    write_sample(tmp_path, **size, seed=42, on_rows=written.append)
    rows = pacsv.read_csv(tmp_path / "interactions.csv")
    assert sum(written) == len(rows)
    assert 0.4 * n_interactions <= len(rows) <= 1.1 * n_interactions
    pairs = pc.binary_join_element_wise(rows["user_id"], rows["program_id"], " ")
    assert len(pc.unique(pairs)) == len(rows)
    assert len(pacsv.read_csv(tmp_path / "users.csv")) == n_users


def test_programs_have_names_of_their_own() -> None:
    for n in (1, 50, 1234):
        assert len(pc.unique(programs(n)["name"])) == n


def test_users_like_most_of_all_the_fields_that_their_interests_name(tmp_path: Path) -> None:
    write_sample(tmp_path, n_users=300, n_programs=50, n_interactions=3000, seed=42)
    users, likable, rows = (
        pacsv.read_csv(tmp_path / f"{name}.csv").to_pylist() for name in ("users", "programs", "interactions")
    )
    tags = {row["program_id"]: set(row["tags"].split("|")) for row in likable}
    interests = {row["user_id"]: set(row["interests"].split("|")) for row in users}
    shared = sum(bool(tags[row["program_id"]] & interests[row["user_id"]]) for row in rows) / len(rows)
    assert shared > 0.5
