"""A `dvc.lock` that was cut off is told from every other one."""

import copy
import random

import pytest
import yaml
from projects import CHECKOUT

from recommender.repair.lock_file import flaw
from recommender.serving.lock import LARGEST

WHOLE = (CHECKOUT / "dvc.lock").read_bytes()
STAGES = yaml.load(WHOLE, Loader=yaml.CSafeLoader)["stages"]
DECLARED = set(STAGES)
CUTS = sorted({*range(0, len(WHOLE), 211), *(at + 1 for at in range(len(WHOLE) - 1) if WHOLE[at : at + 1] == b"\n")})


def rerun(stages: dict[str, object]) -> bytes:
    """What DVC writes when every file's content has changed since it was recorded."""
    text: str = yaml.safe_dump({"schema": "2.0", "stages": stages}, sort_keys=False, default_flow_style=False)
    return text.replace("md5: ", "md5: 0").encode()


def test_what_is_whole_is_left_alone_however_much_it_differs_from_what_git_has() -> None:
    assert flaw(WHOLE, WHOLE, DECLARED) is None
    assert flaw(rerun(STAGES), WHOLE, DECLARED) is None
    assert flaw(WHOLE, None, DECLARED) is None
    added = {**STAGES, "another": copy.deepcopy(STAGES["train"])}
    assert flaw(rerun(added), WHOLE, DECLARED | {"another"}) is None
    aliased = rerun({**STAGES, "another": STAGES["train"]})
    assert b"*id001" in aliased
    assert flaw(aliased, WHOLE, DECLARED) is None


def test_stages_that_dvc_yaml_no_longer_has_are_not_missed() -> None:
    fewer = {name: stage for name, stage in STAGES.items() if name != list(STAGES)[-1]}
    assert flaw(rerun(fewer), WHOLE, set(fewer)) is None
    assert "has lost its end, from the stage" in str(flaw(rerun(fewer), WHOLE, DECLARED))


def test_stages_that_somebody_took_out_of_the_middle_are_not_missed() -> None:
    without = {name: stage for name, stage in STAGES.items() if name != "train"}
    assert flaw(rerun(without), WHOLE, DECLARED) is None


def test_every_cut_of_what_git_has_is_found() -> None:
    assert [at for at in CUTS if at < len(WHOLE) and not flaw(WHOLE[:at], WHOLE, DECLARED)] == []


def test_a_cut_of_something_newer_is_found_unless_it_is_whole_entries_of_the_last_stage() -> None:
    newer = rerun(STAGES)
    last = newer.index(f"\n  {list(STAGES)[-1]}:\n".encode())
    outs = newer.rindex(b"\n    outs:\n")
    missed = [at for at in range(1, len(newer), 397) if not flaw(newer[:at], WHOLE, DECLARED)]
    assert all(at > last and at > outs and newer[at - 1 : at] == b"\n" for at in missed)
    lines = [at + 1 for at in range(len(newer) - 1) if newer[at : at + 1] == b"\n"]
    missed = [at for at in (*lines[::9], *lines[-40:]) if not flaw(newer[:at], WHOLE, DECLARED)]
    assert all(at > outs and newer[at:].startswith(b"    - path:") for at in missed)


@pytest.mark.parametrize("at", [random.Random(seed).randrange(1, len(WHOLE)) for seed in range(20)])
def test_without_anything_in_git_a_cut_in_the_middle_of_a_line_is_found(at: int) -> None:
    middle = WHOLE[:at].rstrip(b"\n")
    assert flaw(middle, None, DECLARED)
    assert flaw(b"", None, DECLARED) == "is empty"


def test_what_is_no_lock_at_all_is_found() -> None:
    for content in (b"\0" * 100, b"[]\n", b"schema: '2.0'\n", b"schema: '2.0'\nstages: {}\n", b"\xff\xfe\n"):
        assert flaw(content, None, DECLARED)


def test_what_is_too_large_to_be_judged_is_left_alone() -> None:
    assert flaw(b"#" * (LARGEST + 1), None, DECLARED) is None
