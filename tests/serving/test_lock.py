"""A `dvc.lock` is data within bounds, and what it records is below the project and compared in full."""

import hashlib
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from recommender.errors import RecommenderError
from recommender.serving.lock import DEEPEST, LARGEST, Lock, Recorded

MD5 = "0123456789abcdef0123456789abcdef"


def parsed(stages: Any) -> Lock:
    return Lock.parse(yaml.safe_dump({"schema": "2.0", "stages": stages}).encode())


def out(**changed: Any) -> dict[str, Any]:
    return {"path": "models/a.npz", "hash": "md5", "md5": MD5, "size": 5} | changed


def test_bytes_are_those_recorded_when_the_whole_hash_is() -> None:
    content = b"bytes"
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert Recorded("a", md5, 5).verified(content, "mend it") == content
    for place in range(32):
        other = md5[:place] + ("0" if md5[place] != "0" else "1") + md5[place + 1 :]
        with pytest.raises(RecommenderError) as error:
            Recorded("a\x1b", other, 5).verified(content, "mend it")
        assert str(error.value) == (
            rf"a\x1b is refused: its MD5 is {md5}, and dvc.lock records {other}; mend it"
        )  # fmt: skip


def test_an_output_is_found_by_its_stage_and_its_name() -> None:
    lock = parsed({"train": {"outs": [out(path="models/b.npz"), out()]}, "other": {"outs": [out(path="c")]}})
    assert lock.output("train", "a.npz") == Recorded("models/a.npz", MD5, 5)
    for stage, name in (("train", "c"), ("other", "a.npz"), ("none", "a.npz"), ("train", "npz")):
        with pytest.raises(RecommenderError, match=rf"records no {name}: the stage {stage} has not run; `dvc repro`"):
            lock.output(stage, name)
    assert lock.outputs() == {"models/b.npz": MD5, "models/a.npz": MD5, "c": MD5}


@pytest.mark.parametrize(
    "changed",
    [
        {"path": "/a.npz"}, {"path": "../a.npz"}, {"path": "a/../a.npz"}, {"path": "a\0/a.npz"}, {"path": 5},
        {"md5": MD5[1:]}, {"md5": MD5 + "0"}, {"md5": MD5.upper()}, {"md5": MD5 + ".dir"}, {"md5": 5}, {"md5": None},
        {"md5": "g" * 32}, {"size": -1}, {"size": 1.5}, {"size": True}, {"size": "5"}, {"size": None},
    ],
)  # fmt: skip
def test_what_is_not_recorded_by_content_below_the_project_is_not_there(changed: dict[str, Any]) -> None:
    lock = parsed({"train": {"outs": [5, "a", out(**changed), out(path="b")], "deps": [out(**changed)]}})
    assert lock.outputs() == {"b": MD5}
    assert lock.inputs(PurePosixPath("")) == {}


def test_an_empty_file_and_a_name_with_dots_are_recorded_as_any_other() -> None:
    lock = parsed({"train": {"outs": [out(size=0), out(path="a..b/...")]}})
    assert lock.output("train", "a.npz").size == 0
    assert "a..b/..." in lock.outputs()


@pytest.mark.parametrize("outs", [None, 5, {"path": "a"}, "a", [], [None]])
def test_a_stage_without_a_list_of_files_has_none(outs: Any) -> None:
    lock = Lock({"train": {"outs": outs, "deps": outs}, "other": {}})
    assert lock.outputs() == lock.inputs(PurePosixPath("")) == {}


def test_inputs_are_the_dependencies_below_a_folder() -> None:
    deps = [out(path=path) for path in ("data/raw/a.csv", "data/rawer", "src/data/raw/b.csv", "data/raw/b.csv")]
    lock = parsed({"validate": {"deps": deps, "outs": [out(path="data/raw/c.csv")]}, "other": {}})
    assert list(lock.inputs(PurePosixPath("data/raw/"))) == ["data/raw/a.csv", "data/raw/b.csv"]
    assert lock.inputs(PurePosixPath("data/raw/"))["data/raw/a.csv"] == MD5


def test_params_are_by_group_and_name_of_all_stages() -> None:
    lock = parsed(
        {
            "train": {"params": {"params.yaml": {"train.loss": "warp", "train.a.b": 1, "alone": 2, 5: 6}}},
            "tune": {"params": {"params.yaml": {"train.epochs": 3, "split.seed": 4}}},
            "odd": {"params": 5}, "other": {"params": {"params.yaml": [1]}}, "none": {},
        }
    )  # fmt: skip
    assert lock.params() == {"train": {"loss": "warp", "a.b": 1, "epochs": 3}, "split": {"seed": 4}}


@pytest.mark.parametrize("stages", [5, [], None, "a", {"train": 5}, {"train": None}, {"train": []}])
def test_stages_are_a_mapping_of_mappings(stages: Any) -> None:
    with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read; `git checkout dvc\.lock`"):
        parsed(stages)


@pytest.mark.parametrize("content", [b"", b"5", b"[1]", b"schema: '2.0'", b"stages: {", b"\xff", b"stages: \x00"])
def test_what_is_no_lock_is_one_line(content: bytes) -> None:
    with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read"):
        Lock.parse(content)


def nested(depth: int) -> bytes:
    """Lists of which the innermost lies in so many lists and mappings, itself counted."""
    return b"stages: {a: {b: " + b"[" * (depth - 3) + b"]" * (depth - 3) + b"}}"


def test_as_much_as_the_limits_is_read_and_no_more() -> None:
    head = b"stages: {train: {}}\n#"
    assert Lock.parse(head + b"a" * (LARGEST - len(head))).stages == {"train": {}}
    assert Lock.parse(nested(DEEPEST)).stages.keys() == {"a"}
    assert (LARGEST, DEEPEST) == (4 << 20, 32), "as docs/security.md says"
    for content in (head + b"a" * (LARGEST - len(head) + 1), nested(DEEPEST + 1)):
        with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read"):
            Lock.parse(content)


def test_what_lies_beside_each_other_is_not_deep() -> None:
    assert len(Lock.parse(b"stages: {" + b",".join(b"s%d: {}" % n for n in range(100)) + b"}").stages) == 100
    assert Lock.parse(b"stages: {a: {b: [" + b"[]," * 100 + b"]}}").stages.keys() == {"a"}


@pytest.mark.parametrize(
    "content",
    [
        b"stages: {a: &x {}, b: *x}", b"stages: &x {}", b"stages: {&x a: {}}", b"stages: !!map {}",
        b"stages: {a: {b: !!str c}}", b"stages: {a: {b: !!python/name:os.system c}}", b"stages: {a: {b: [!x ]}}",
    ],
)  # fmt: skip
def test_aliases_anchors_and_tags_are_refused(content: bytes) -> None:
    with pytest.raises(RecommenderError, match=r"dvc\.lock cannot be read"):
        Lock.parse(content)


def test_the_names_of_stages_are_texts() -> None:
    assert Lock.parse(b"stages: {5: {}, true: {}}").stages.keys() == {"5", "True"}
