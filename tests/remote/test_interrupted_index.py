"""What DVC remembers of a checkout can be half of it after a kill; how one sees that, and what mends it.

DVC keeps, outside of the checkout, an index of what `dvc.lock` and the `.dvc` files name. It takes an index that is
there for a whole one, but writes it in several transactions (sqltrie 0.11 runs `executescript`, which commits what is
pending), so a kill in between leaves one that lacks files, and pull, checkout and push then know nothing of these. When
this test fails because nothing is missing, DVC has mended it, and its row in docs/storage.md can go.
"""

import re
import signal
import sys

import pytest
import yaml
from projects import CHECKOUT, Project
from remote.clones import objects, used_by
from remote.servers import Folder

pytestmark = pytest.mark.slow

KILLED_HALF_WAY = """\
import os, signal, sys
import dvc.repo.index
from dvc.cli import main
load = dvc.repo.index._load_data_from_outs
def killed(index, prefix, outs):
    outs = list(outs)
    load(index, prefix, outs[: len(outs) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
dvc.repo.index._load_data_from_outs = killed
main(sys.argv[1:])
"""


def killed_half_way(project: Project, *command: str) -> None:
    assert project.run(sys.executable, "-c", KILLED_HALF_WAY, *command, check=False).returncode == -signal.SIGKILL


def forget(project: Project) -> None:
    """Run the documented remedy."""
    (row,) = re.findall(r"^\|.*`(rm [^`]+)`.*\|$", (CHECKOUT / "docs/storage.md").read_text(), flags=re.MULTILINE)
    project.run("bash", "-c", row)


def kept_by_dvc(project: Project) -> dict[str, str]:
    """The outputs that DVC keeps, and not Git, with their md5."""
    lock = yaml.safe_load(project.path("dvc.lock").read_text())["stages"]
    outs = [out for stage in lock.values() for out in stage["outs"]]
    tracked = set(project.git("ls-files").splitlines())
    return {out["path"]: out["md5"] for out in outs if out["path"] not in tracked}


def test_after_a_killed_pull_status_names_what_a_pull_left_out_and_the_remedy_brings_it(project: Project) -> None:
    outs = kept_by_dvc(project)
    used_by(project, Folder(project.root.parent / "storage")).dvc("push")
    for name in outs:
        project.path(name).unlink()
    killed_half_way(project, "pull")
    for command in ("pull", "checkout"):
        project.dvc(command)
        missing = [name for name in outs if not project.path(name).exists()]
        assert missing, "DVC has mended it"
    status = project.dvc("status").stdout
    assert all(re.search(f"deleted: +{name}", status) for name in missing)

    forget(project)
    project.dvc("pull")
    assert all(project.path(name).exists() for name in outs)
    assert "up to date" in project.dvc("status").stdout


def test_after_a_killed_push_status_names_what_a_push_left_out_and_the_remedy_brings_it(project: Project) -> None:
    outs = kept_by_dvc(project)
    storage = Folder(project.root.parent / "storage")
    used_by(project, storage)
    killed_half_way(project, "push")
    project.dvc("push")
    missing = {name for name, md5 in outs.items() if md5 not in objects(storage.storage)}
    assert missing, "DVC has mended it"
    status = project.dvc("status", "--cloud").stdout
    assert all(re.search(f"new: +{name}", status) for name in missing)

    forget(project)
    project.dvc("push")
    assert set(outs.values()) <= set(objects(storage.storage))
