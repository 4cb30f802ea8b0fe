"""Releases and assignments as GTO keeps them in Git tags: `recommender@v1.2.0` and `recommender#prod#1`.

GTO's own code decides what its tags mean. The tags are read here, because GTO's reader stops at one that is not UTF-8,
and looks into files of the repository, which may be somebody else's.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.git import git

if TYPE_CHECKING:
    from scmrepo.git.objects import GitTag

ARTIFACT = "recommender"
"""The artifact that `dvc.yaml` names; for GTO, its release v1.2.0 is the Git tag ``recommender@v1.2.0``."""
VERSION = re.compile(r"v(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
STAGE = re.compile(rf"{ARTIFACT}#(.+)")


def version_key(version: str) -> tuple[int, ...]:
    """Return the key by which versions are ordered: v1.10.0 comes after v1.9.0."""
    return tuple(map(int, version[1:].split(".")))


def versions(folder: Path) -> list[str]:
    """List the versions that are released and not withdrawn, newest first."""
    names = [name.partition("@")[2] for name, _ in _tags(folder, "%(objecttype)") if name.startswith(f"{ARTIFACT}@")]
    withdrawn = {name.partition("!")[0] for name in names if "!" in name}
    found = {name for name in names if VERSION.fullmatch(name) and name not in withdrawn}
    return sorted(found, key=version_key, reverse=True)


def assigned(folder: Path, stage: str) -> str | None:
    """Find the commit last assigned to a stage such as ``prod``; None: there is none."""
    from gto.base import BaseRegistryState
    from gto.constants import Action, VersionSort
    from gto.exceptions import GTOException
    from gto.tag import index_tag, parse_name

    state = BaseRegistryState()
    found = sorted(_annotated(folder), key=lambda tag: tag.tag_time)
    for actions in (
        (Action.CREATE, Action.DEPRECATE),
        (Action.REGISTER, Action.DEREGISTER),
        (Action.ASSIGN, Action.UNASSIGN),
    ):
        for tag in found:
            with suppress(GTOException, ValueError):  # not a tag of GTO's, or one that contradicts those before it
                parsed = parse_name(tag.name)
                if parsed["name"] == ARTIFACT and parsed.get("action") in actions:
                    state.update_artifact(index_tag(state.find_artifact(ARTIFACT, create_new=True), tag))
    artifact = state.find_artifact(ARTIFACT, create_new=True)
    last = artifact.get_vstages(versions_per_stage=1, sort=VersionSort.Timestamp).get(stage, [])
    return str(last[0].commit_hexsha) if artifact.is_active and last else None


def _annotated(folder: Path) -> Iterator["GitTag"]:
    """Yield the annotated tags of commits, the only ones that GTO knows."""
    from scmrepo.git.objects import GitTag

    fields = ("objecttype", "*objecttype", "objectname", "*objectname", "taggername", "taggerdate:unix")
    for name, values in _tags(folder, "%00".join(f"%({field})" for field in fields)):
        kind, target_kind, hexsha, target, tagger, when = values
        if (kind, target_kind) == ("tag", "commit") and when.isdecimal():
            yield GitTag(name, hexsha, target, tagger, "", int(when), 0, "")


def _tags(folder: Path, fields: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the artifact's tags that have ASCII names, each with its fields."""
    listed = git(folder, "for-each-ref", f"--format=%(refname:strip=2)%00{fields}", "refs/tags/")
    for line in listed.split(b"\n"):
        name, *values = line.split(b"\0")
        if name.startswith(ARTIFACT.encode()) and name.isascii():
            yield name.decode(), [value.decode(errors="replace") for value in values]
