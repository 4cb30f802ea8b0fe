"""What a stage took is known again by what it made, and keeping it can do no harm."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recommender.pipeline.costs import FOLDER, KEPT, Cost, recall, record

COST = Cost(1.5, 3 << 20)


def made(root: Path, *contents: str) -> tuple[list[Path], list[str]]:
    """Write outputs, and give them with their MD5s."""
    outs = [root / f"out {number}" for number in range(len(contents))]
    for out, content in zip(outs, contents, strict=True):
        out.write_text(content)
    return outs, [hashlib.md5(content.encode(), usedforsecurity=False).hexdigest() for content in contents]


def records(root: Path) -> list[Path]:
    return list((root / FOLDER).rglob("*"))


def test_what_a_stage_took_is_found_by_its_outputs_in_any_order(tmp_path: Path) -> None:
    outs, md5s = made(tmp_path, "one", "two", "three")
    record(tmp_path, "train", outs, COST)
    for order in itertools.permutations(md5s):
        assert recall(tmp_path, "train", iter(order)) == COST


def test_nothing_is_known_of_other_outputs_and_other_stages(tmp_path: Path) -> None:
    outs, md5s = made(tmp_path, "one", "two")
    assert recall(tmp_path, "train", md5s) is None
    record(tmp_path, "train", outs, COST)
    _, others = made(tmp_path, "one", "changed")
    assert recall(tmp_path, "train", others) is None
    assert recall(tmp_path, "train", md5s[:1]) is None
    assert recall(tmp_path, "backtest", md5s) is None
    assert recall(tmp_path / "elsewhere", "train", md5s) is None


def test_the_last_time_counts(tmp_path: Path) -> None:
    outs, md5s = made(tmp_path, "one")
    record(tmp_path, "train", outs, COST)
    record(tmp_path, "train", outs, Cost(2.0, 7))
    assert recall(tmp_path, "train", md5s) == Cost(2.0, 7)


def test_only_the_newest_records_of_a_stage_are_kept(tmp_path: Path) -> None:
    known = []
    for number in range(KEPT + 3):
        outs, md5s = made(tmp_path, str(number))
        record(tmp_path, "train", outs, COST)
        newest = max(records(tmp_path), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (number, number))
        known.append(md5s)
    record(tmp_path, "backtest", outs, COST)
    assert [recall(tmp_path, "train", md5s) is not None for md5s in known] == [False] * 3 + [True] * KEPT
    assert recall(tmp_path, "backtest", md5s) == COST


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"seconds": 1}',
        b'{"seconds": null, "peak_bytes": 1}',
        b'{"seconds": "soon", "peak_bytes": 1}',
        b'{"seconds": 1, "peak_bytes": [1]}',
        b'{"seconds": 1, "peak_bytes": NaN}',
        b'{"seconds": 1, "peak_bytes": Infinity}',
    ],
)
def test_a_damaged_record_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    outs, md5s = made(tmp_path, "one")
    record(tmp_path, "train", outs, COST)
    (file,) = (path for path in records(tmp_path) if path.is_file())
    file.write_bytes(content)
    assert recall(tmp_path, "train", md5s) is None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    outs, md5s = made(tmp_path, "one")
    (tmp_path / ".dvc").write_text("a file where the folder would be")
    record(tmp_path, "train", outs, COST)
    assert recall(tmp_path, "train", md5s) is None


def test_in_a_folder_that_is_read_only_nothing_fails(tmp_path: Path) -> None:
    outs, md5s = made(tmp_path, "one")
    folder = tmp_path / FOLDER / "train"
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    record(tmp_path, "train", outs, COST)
    if os.geteuid():
        assert recall(tmp_path, "train", md5s) is None


def test_without_its_outputs_nothing_is_kept(tmp_path: Path) -> None:
    outs, _ = made(tmp_path, "one")
    outs[0].unlink()
    record(tmp_path, "train", outs, COST)
    assert not [path for path in records(tmp_path) if path.is_file()]


def test_a_record_is_json_of_seconds_and_bytes(tmp_path: Path) -> None:
    outs, _ = made(tmp_path, "one")
    record(tmp_path, "train", outs, COST)
    (file,) = (path for path in records(tmp_path) if path.is_file())
    assert json.loads(file.read_text()) == {"seconds": 1.5, "peak_bytes": 3 << 20}


def test_time_counts_from_the_moment_given() -> None:
    earlier = Cost.since(time.monotonic() - 1000)
    assert 1000 <= earlier.seconds < 2000
    assert earlier.seconds == round(earlier.seconds, 3)


CHILD = """
import sys, time
from recommender.pipeline.costs import Cost
held = bytearray(int(sys.argv[1]))
held[::4096] = b"x" * len(held[::4096])
del held
print(Cost.since(time.monotonic()).peak_bytes)
"""


def peak_of_a_process_that_held(n_bytes: int) -> int:
    done = subprocess.run([sys.executable, "-c", CHILD, str(n_bytes)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_the_peak_is_what_this_process_held_at_once_and_not_what_its_parent_holds() -> None:
    held = bytearray(200 << 20)
    held[::4096] = b"x" * len(held[::4096])
    small, large = peak_of_a_process_that_held(0), peak_of_a_process_that_held(100 << 20)
    assert 1 << 20 < small < len(held)
    assert 90 << 20 < large - small < 110 << 20
