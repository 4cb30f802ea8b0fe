"""The same inputs give the same bytes, whatever the surroundings."""

from pathlib import Path

import pytest
import yaml
from projects import Project


def outs(project: Project) -> dict[str, str]:
    lock = yaml.safe_load(project.path("dvc.lock").read_text())
    return {out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}


@pytest.mark.slow
@pytest.mark.parametrize("trainer", ["lightfm", "core"])
def test_two_runs_in_different_surroundings_give_the_same_bytes(trainer: str, shipped: Project, tmp_path: Path) -> None:
    one, other = shipped.copy(tmp_path / "one place"), shipped.copy(tmp_path / "another place")
    for project in (one, other):
        project.replace("params.yaml", "trainer: lightfm", f"trainer: {trainer}")
    other.replace("params.yaml", "num_threads: 0", "num_threads: 3")
    one.dvc("repro")
    other.dvc(
        "repro",
        PYTHONHASHSEED="12345",
        LC_ALL="C",
        LANG="tr_TR.UTF-8",
        TZ="Pacific/Auckland",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        OPENBLAS_CORETYPE="Prescott",
        NPY_DISABLE_CPU_FEATURES="AVX2 AVX512F",
    )
    assert outs(other) == outs(one)
    assert {out for out in outs(other) if out.startswith("models/")} >= {"models/lightfm.pkl", "models/factors.npz"}
    assert f"trainer: {trainer}" in other.path("dvc.lock").read_text()


def test_the_shipped_lock_records_what_a_run_gives(shipped: Project, reproduced: Project) -> None:
    assert outs(shipped) == outs(reproduced)
