"""Recommendations are the best programs that a user does not have, or for strangers the popular ones."""

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse as sp
from fuzz.foreign import Memory
from published import MODELS, artifacts

from recommender import Recommender, RecommenderError
from recommender.files.arrays import write_matrix
from recommender.files.factors import Factors
from recommender.files.ids import IdMap
from recommender.files.item_weights import ItemWeights
from recommender.files.json_files import write_json
from recommender.files.models import Model, write_model
from recommender.files.tables import write_table
from recommender.serving.lock import Lock
from recommender.serving.recommender import Recommendation

IDS = IdMap(("u_0", "u_1"), ("p_0", "p_1", "p_2", "p_3"))
TITLES = ["A", "B", "C", "D"]


def factors(biases: list[float] | None = None) -> Factors:
    return Factors(
        np.zeros((2, 1), np.float32), np.zeros(2, np.float32),
        np.zeros((4, 1), np.float32), np.array(biases or [0, 1, 2, 3], np.float32),
    )  # fmt: skip


def model(seen: list[list[float]], biases: list[float] | None = None) -> Recommender:
    return Recommender(IDS, TITLES, factors(biases), sp.csr_matrix(np.array(seen, np.float32)))


def test_the_best_come_first_with_rank_title_and_score() -> None:
    rows = model([[0, 0, 0, 0], [0, 0, 0, 0]]).recommend("u_0", k=2)
    assert rows == [Recommendation(1, "p_3", "D", 3.0), Recommendation(2, "p_2", "C", 2.0)]
    assert type(rows[0].score) is float


def test_of_equal_scores_the_first_in_the_data_comes_first() -> None:
    found = model([[0] * 4] * 2, [1, 2, 1, 2]).recommend("u_1")
    assert [row.program_id for row in found] == ["p_1", "p_3", "p_0", "p_2"]


def test_what_a_user_has_liked_or_not_is_not_recommended_again_unless_asked_for() -> None:
    recommender = model([[0, 0, -1, 1], [1, 0, 0, 0]])
    assert [row.program_id for row in recommender.recommend("u_0", k=4)] == ["p_1", "p_0"]
    assert [row.program_id for row in recommender.recommend("u_1", k=4)] == ["p_3", "p_2", "p_1"]
    again = recommender.recommend("u_0", k=4, include_seen=True)
    assert [row.program_id for row in again] == ["p_3", "p_2", "p_1", "p_0"]


def test_there_are_ten_unless_asked_otherwise() -> None:
    ids = IdMap(("u",), tuple(f"p_{n}" for n in range(12)))
    none = sp.csr_matrix(np.zeros((1, 12), np.float32))
    arrays = np.zeros((1, 1), np.float32), np.zeros(1, np.float32), np.zeros((12, 1), np.float32)
    recommender = Recommender(ids, [""] * 12, Factors(*arrays, np.zeros(12, np.float32)), none)
    assert [len(rows) for rows in (recommender.recommend("u"), recommender.recommend("u", 11))] == [10, 11]
    assert len(recommender.recommend("u", k=1)) == 1


def test_the_popular_have_the_most_positives_and_ties_are_in_the_order_of_the_data() -> None:
    recommender = model([[1, 1, -1, 0], [0, 1, -1, 1]])
    rows = recommender.recommend("nobody", k=4, fallback="popular")
    assert rows == [
        Recommendation(1, "p_1", "B", 2.0), Recommendation(2, "p_0", "A", 1.0),
        Recommendation(3, "p_3", "D", 1.0), Recommendation(4, "p_2", "C", 0.0),
    ]  # fmt: skip
    assert recommender.recommend("nobody", k=2, fallback="popular") == rows[:2]


def test_many_ties_among_the_popular_keep_the_order_of_the_data() -> None:
    ids = IdMap(("u",), tuple(f"p_{n}" for n in range(100)))
    arrays = np.zeros((1, 1), np.float32), np.zeros(1, np.float32), np.zeros((100, 1), np.float32)
    seen = sp.csr_matrix(np.tile(np.array([0, 1], np.float32), 50)[None])
    recommender = Recommender(ids, [""] * 100, Factors(*arrays, np.zeros(100, np.float32)), seen)
    found = [int(row.program_id[2:]) for row in recommender.recommend("nobody", k=100, fallback="popular")]
    assert found == [*range(1, 100, 2), *range(0, 100, 2)]


def test_what_is_stored_as_nothing_is_no_positive() -> None:
    stored = sp.csr_matrix((np.array([0, 1], np.float32), [0, 2], [0, 2, 2]), shape=(2, 4))
    recommender = Recommender(IDS, TITLES, factors(), stored)
    assert [row.score for row in recommender.recommend("nobody", k=4, fallback="popular")] == [1, 0, 0, 0]


def test_an_unknown_user_and_too_few_programs_are_errors() -> None:
    recommender = model([[0] * 4] * 2)
    with pytest.raises(RecommenderError, match=r"user 'nobody' is not in the data .* fallback='popular'"):
        recommender.recommend("nobody")
    for k in (0, -1):
        with pytest.raises(RecommenderError, match=f"k is {k}; it must be at least 1"):
            recommender.recommend("u_0", k)


ALL = np.arange(4, dtype=np.int32)
LIKE = np.array([[0, 1, 3, 2], [1, 0, 0, 0], [3, 0, 0, 0], [2, 0, 0, 0]], np.float32)
"""p_0 speaks for p_2 most, then for p_3 and p_1."""
BY_ITEMS: dict[str, Model] = {
    "of all programs": ItemWeights(LIKE, ALL, 4),
    "of neighbours": ItemWeights.sparse(sp.csr_matrix(LIKE)),
}


def by_items(model: Model, seen: list[list[float]]) -> Recommender:
    return Recommender(IDS, TITLES, model, sp.csr_matrix(np.array(seen, np.float32)))


@pytest.mark.parametrize("kind", BY_ITEMS)
def test_a_model_of_programs_goes_by_what_the_user_has(kind: str) -> None:
    recommender = by_items(BY_ITEMS[kind], [[2, 0, 0, -1], [0, 0, 1, 0]])
    assert recommender.recommend("u_0", k=9) == [
        Recommendation(1, "p_2", "C", 3.0), Recommendation(2, "p_1", "B", 1.0),
    ]  # fmt: skip
    again = [(row.program_id, row.score) for row in recommender.recommend("u_0", k=9, include_seen=True)]
    assert again == [("p_2", 3), ("p_3", 2), ("p_1", 1), ("p_0", 0)]
    assert [row.score for row in recommender.recommend("nobody", fallback="popular")] == [1, 1, 0, 0]


def test_a_program_that_the_model_does_not_know_is_not_recommended() -> None:
    some = ItemWeights(LIKE[:3, :3].copy(), ALL[:3], 4)
    recommender = by_items(some, [[1, 0, 0, 0], [0, 0, 0, 1]])
    assert [row.program_id for row in recommender.recommend("u_0", k=4)] == ["p_2", "p_1"]
    assert [row.program_id for row in recommender.recommend("u_0", k=4, include_seen=True)] == ["p_2", "p_1", "p_0"]


@pytest.mark.parametrize(
    "known",
    [
        *BY_ITEMS.values(),
        Factors(np.zeros((3, 2), np.float32), np.zeros(3, np.float32), LIKE[:, :2].copy(), np.zeros(4, np.float32)),
    ],
    ids=[*BY_ITEMS, "factors without biases"],
)
def test_a_user_of_whom_the_model_knows_nothing_gets_the_most_popular(known: Model) -> None:
    ids = IdMap(("u_0", "u_1", "new"), IDS.program_ids)
    seen = sp.csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, -1, 0]], np.float32))
    recommender = Recommender(ids, TITLES, known, seen)
    assert recommender.recommend("new") == [
        Recommendation(1, "p_1", "B", 2.0), Recommendation(2, "p_0", "A", 1.0), Recommendation(3, "p_3", "D", 1.0),
    ]  # fmt: skip
    everything = recommender.recommend("new", k=4, include_seen=True)
    assert everything == recommender.recommend("nobody", k=4, fallback="popular")


def test_a_user_who_only_has_what_the_model_does_not_know_gets_the_most_popular() -> None:
    some = ItemWeights(LIKE[:3, :3].copy(), ALL[:3], 4)
    recommender = by_items(some, [[0, 1, 0, 1], [0, 0, 0, 1]])
    assert [(row.program_id, row.score) for row in recommender.recommend("u_1")] == [("p_1", 1), ("p_0", 0), ("p_2", 0)]


@pytest.fixture
def made(tmp_path: Path) -> dict[str, bytes]:
    return {Path(path).name: content for path, content in artifacts(tmp_path).items()}


def loaded(made: dict[str, bytes]) -> Recommender:
    return Recommender.of(Memory(made, Lock({})))


def test_the_artifacts_make_a_recommender(made: dict[str, bytes]) -> None:
    recommender = loaded(made)
    assert [(row.program_id, row.title) for row in recommender.recommend("u_0", k=2)] == [
        ("p_3", "D"), ("p_2", "\x1b]0;C\x07"),
    ]  # fmt: skip
    assert recommender.ids.user_ids == ("u_0", "u_1", "u_2")


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_any_kind_is_loaded_from_its_arrays(kind: str, tmp_path: Path) -> None:
    made = {Path(path).name: content for path, content in artifacts(tmp_path, kind).items()}
    with np.load(io.BytesIO(made["factors.npz"]), allow_pickle=False) as arrays:
        assert set(arrays.files) == set(MODELS[kind].arrays)
    assert [row.program_id for row in loaded(made).recommend("u_0", k=2)] == ["p_3", "p_2"]


@pytest.mark.parametrize("kind", BY_ITEMS)
def test_weights_of_another_number_of_programs_are_refused(kind: str, made: dict[str, bytes], tmp_path: Path) -> None:
    larger = np.pad(LIKE, (0, 1))
    items = np.arange(5, dtype=np.int32)
    other = ItemWeights(larger, items, 5) if kind == "of all programs" else ItemWeights.sparse(sp.csr_matrix(larger))
    for model in (other, ItemWeights(LIKE, ALL, 2**31 - 1)):
        write_model(tmp_path / "other.npz", model)
        with pytest.raises(RecommenderError, match="the ids and the model do not belong together"):
            loaded(made | {"factors.npz": (tmp_path / "other.npz").read_bytes()})


def test_titles_of_other_programs_or_in_another_order_are_refused(made: dict[str, bytes], tmp_path: Path) -> None:
    for ids in (["p_1", "p_0", "p_2", "p_3"], ["p_0"]):
        write_table(tmp_path / "t", pa.table({"program_id": ids, "title": [""] * len(ids)}))
        with pytest.raises(RecommenderError, match=r"titles\.parquet is not what this version writes: .*`dvc repro`"):
            loaded(made | {"titles.parquet": (tmp_path / "t").read_bytes()})


def test_ids_of_another_size_than_the_model_are_refused(made: dict[str, bytes], tmp_path: Path) -> None:
    write_json(tmp_path / "ids.json", {"users": ["a", "b"], "programs": ["p_0", "p_1", "p_2", "p_3"]})
    write_matrix(tmp_path / "seen.npz", sp.coo_matrix(np.zeros((2, 4), np.float32)))
    fewer = {"ids.json": (tmp_path / "ids.json").read_bytes(), "interactions.npz": (tmp_path / "seen.npz").read_bytes()}
    with pytest.raises(RecommenderError, match="the ids and the model do not belong together"):
        loaded(made | fewer)
    with pytest.raises(RecommenderError, match=r"interactions\.npz is not what this version writes: a matrix of shape"):
        loaded(made | {"ids.json": fewer["ids.json"]})


def test_a_message_of_a_library_becomes_one_short_printable_line(made: dict[str, bytes]) -> None:
    long = json.dumps({"users": "a", "programs": ["b"]}).encode()
    with pytest.raises(RecommenderError) as error:
        loaded(made | {"ids.json": long})
    assert str(error.value) == (
        "ids.json is not what this version writes: the users are not a list of texts; `dvc repro` makes it again"
    )
    with pytest.raises(RecommenderError) as error:
        loaded(made | {"interactions.npz": made["factors.npz"]})
    assert "interactions.npz is not what this version writes: 'shape'" in str(error.value)


def test_an_array_with_a_long_and_odd_name_is_one_short_line(made: dict[str, bytes]) -> None:
    stream = io.BytesIO()
    arrays: dict[str, Any] = {"\x1b[2J\n" + "a" * 300: np.zeros(1)}
    np.savez(stream, **arrays)
    with pytest.raises(RecommenderError) as error:
        loaded(made | {"factors.npz": stream.getvalue()})
    said = str(error.value)
    assert said.isprintable()
    assert len(said) == len("factors.npz is not what this version writes: ; `dvc repro` makes it again") + 200


def test_an_error_that_says_nothing_is_called_by_its_name(made: dict[str, bytes]) -> None:
    def archive(n: int) -> bytes:
        stream = io.BytesIO()
        header = f"{{'descr': '|S1', 'fortran_order': False, 'shape': ({n:4},), }}".ljust(117) + "\n"
        with ZipFile(stream, "w") as zipped:
            zipped.writestr("a.npy", b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header.encode() + b"a" * 100)
        return stream.getvalue()

    size = len(archive(0))
    content = archive(size - 128).replace((228).to_bytes(4, "little"), size.to_bytes(4, "little"))
    said = "EOFError|Overlapped entries: .*"  # the latter where Python itself looks for members that overlap
    with pytest.raises(RecommenderError, match=rf"factors\.npz is not what this version writes: ({said}); "):
        loaded(made | {"factors.npz": content})


def test_numbers_that_are_no_model_are_said_as_the_model_says_it(made: dict[str, bytes]) -> None:
    stream = io.BytesIO()
    arrays: dict[str, Any] = MODELS["factors"].arrays | {"item_biases": np.full(4, np.nan, np.float32)}
    np.savez(stream, **arrays)
    with pytest.raises(RecommenderError, match=r"^the model's item_biases are not all finite"):
        loaded(made | {"factors.npz": stream.getvalue()})
