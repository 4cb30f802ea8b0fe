"""Detection of a `dvc.lock` that was cut off while DVC wrote it.

DVC writes `dvc.lock` in place, so a killed process leaves the beginning of what it was writing, up to any byte. Cuts
that break the file are found here. A cut between two whole stages of which the second was never committed, or within
the inputs of a stage, looks like a pipeline that has not run that far, and DVC treats it as one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from recommender.errors import RecommenderError
from recommender.git import attempt
from recommender.serving.lock import LARGEST, Lock

NAME = "dvc.lock"


def flaw(content: bytes, recorded: bytes | None, declared: set[str]) -> str | None:
    """Describe what is wrong with the bytes of a `dvc.lock`; None: nothing.

    Parameters
    ----------
    content
        The bytes of the file.
    recorded
        The bytes that Git has, if any.
    declared
        The names of the stages in `dvc.yaml`.
    """
    if content == recorded or len(content) > LARGEST:
        return None  # nothing to find, or more than is parsed here
    if not content.strip():
        return "is empty"
    if recorded and recorded.startswith(content):
        return "ends in the middle"
    stages = _stages(content)
    if stages is None:
        if not content.endswith(b"\n"):
            return "ends in the middle"
        return None if _has_anchors(content) else "is not a dvc.lock any more"
    if not content.endswith(b"\n"):
        return "ends in the middle of a line"
    if not stages:
        return "has no stages"
    last = list(stages)[-1]
    if not all(map(_is_whole, _files(stages[last]))):
        return "ends in the middle of an entry"
    before = _stages(recorded) if recorded else None
    return _lost_since(before, stages, declared) if before else None


def in_git(root: Path) -> Iterator[bytes]:
    """Yield the versions of `dvc.lock` in Git: the staged one, which DVC may have added, and the committed one."""
    for revision in ("", "HEAD"):
        shown = attempt(root, "show", f"{revision}:./{NAME}")
        if shown.returncode == 0:
            yield shown.stdout


def is_unmerged(root: Path) -> bool:
    """Tell whether a merge left conflicts in `dvc.lock`."""
    return bool(attempt(root, "ls-files", "--unmerged", "--", NAME).stdout)


def declared_stages(root: Path) -> set[str]:
    """Return the names of the stages in `dvc.yaml`."""
    try:
        return set(yaml.load((root / "dvc.yaml").read_bytes(), Loader=yaml.CSafeLoader)["stages"])
    except (yaml.YAMLError, TypeError, KeyError):
        return set()  # DVC itself says what is wrong with it, and where


def _stages(content: bytes) -> dict[str, dict[str, Any]] | None:
    try:
        return Lock.parse(content).stages
    except RecommenderError:
        return None


def _has_anchors(content: bytes) -> bool:
    """Tell whether it is complete YAML with anchors, which DVC may write and `Lock` refuses."""
    try:
        events = list(yaml.parse(content, Loader=yaml.CSafeLoader))  # up to the end, which may be broken
    except yaml.YAMLError:
        return False
    return any(getattr(event, "anchor", None) for event in events)


def _lost_since(before: dict[str, Any], now: dict[str, Any], declared: set[str]) -> str | None:
    """Describe what is missing at the end, if the stages now are the beginning of those before."""
    expected = [name for name in before if name in declared]
    last = list(now)[-1]
    if before.get(last, {}).keys() - now[last].keys():
        return f"ends in the middle of the stage {last}"
    kept = [name for name in now if name in expected]
    if last in expected and len(kept) < len(expected) and kept == expected[: len(kept)]:
        return f"has lost its end, from the stage {expected[len(kept)]} on"
    return None


def _files(stage: dict[str, Any]) -> Iterator[Any]:
    for kind in ("deps", "outs"):
        yield from stage.get(kind) or []


def _is_whole(file: Any) -> bool:
    """Tell whether an entry has all that DVC writes for a file with a hash."""
    if not isinstance(file, dict) or len(file) < 2:
        return False
    needed = {file["hash"], "size"} if "hash" in file else set()
    if str(file.get("md5")).endswith(".dir"):
        needed.add("nfiles")
    return needed <= file.keys()
