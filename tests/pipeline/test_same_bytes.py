"""The same inputs give the same bytes, whatever the surroundings."""

import sys
from pathlib import Path

import pytest
import yaml
from projects import Project


def outs(project: Project) -> dict[str, str]:
    lock = yaml.safe_load(project.path("dvc.lock").read_text())
    return {out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}


SURROUNDINGS = {
    "PYTHONHASHSEED": "12345",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "TZ": "Pacific/Auckland",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Prescott",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 AVX512F",
}


@pytest.mark.slow
def test_two_runs_in_different_surroundings_give_the_same_bytes(
    shipped: Project, reproduced: Project, project: Project, tmp_path: Path
) -> None:
    other = shipped.copy(tmp_path / "another place")
    other.environment.update(SURROUNDINGS)
    other.replace("params.yaml", "num_threads: 0", "num_threads: 3")
    other.run(sys.executable, "-m", "dvc", "repro")
    assert outs(other) == outs(reproduced)

    for changed in (project, other):
        changed.replace("params.yaml", "trainer: lightfm", "trainer: core")
        changed.run(sys.executable, "-m", "dvc", "repro")
    assert outs(other) == outs(project)
    models = {"models/lightfm.pkl", "models/factors.npz", "models/backtest.npz"}
    assert not {outs(other)[model] for model in models} & {outs(reproduced)[model] for model in models}

    for changed in (project, other):
        changed.replace("params.yaml", "trials: 0", "trials: 4")
        changed.replace("params.yaml", "  settings: given", "  settings: searched")
        changed.run(sys.executable, "-m", "dvc", "repro")
    assert outs(other) == outs(project)
    models |= {"search/best.json", "search/trials.csv"}
    assert not {outs(other)[model] for model in models} & {outs(reproduced)[model] for model in models}


def test_the_shipped_lock_records_what_a_run_gives(shipped: Project, reproduced: Project) -> None:
    assert outs(shipped) == outs(reproduced)
