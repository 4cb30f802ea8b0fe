"""Whatever family ships, what others get of it works the same."""

import json

import joblib
import numpy as np
import pyarrow.parquet as pq
import pytest
from lightfm import LightFM
from projects import Project

from recommender import Recommender
from recommender.files.factors import Factors
from recommender.files.models import read_model
from recommender.settings.peers import PEERS

USERS = ("u_0", "u_250", "u_499")
PICKLES = ("models/lightfm.pkl", "models/lightfm_dataset.pkl")


def ship(project: Project, family: str) -> None:
    project.replace("params.yaml", "  family: lightfm", f"  family: {family}")


def told(recommender: Recommender, k: int = 10) -> dict[str, list[tuple[str, float]]]:
    return {user: [(row.program_id, row.score) for row in recommender.recommend(user, k)] for user in USERS}


def batch(project: Project) -> dict[str, list[tuple[str, float]]]:
    rows = pq.read_table(project.path("data/recommendations/recommendations.parquet")).to_pylist()
    return {user: [(row["program_id"], row["score"]) for row in rows if row["user_id"] == user] for user in USERS}


def predicted(project: Project) -> np.ndarray:
    """What LightFM itself predicts of the pickle, for all pairs."""
    users, _, programs, _ = joblib.load(project.path(PICKLES[1])).mapping()
    grid = np.indices((len(users), len(programs)), dtype=np.int32)
    scores: np.ndarray = joblib.load(project.path(PICKLES[0])).predict(*(ids.ravel() for ids in grid))
    return scores.reshape(grid.shape[1:])


@pytest.mark.slow
@pytest.mark.parametrize("family", PEERS)
def test_every_family_ships_its_lists_and_a_plain_lightfm(family: str, project: Project, reproduced: Project) -> None:
    ship(project, family)
    project.dvc("repro", "recommend")
    recommender = Recommender.load(repo=project.root)
    assert told(recommender) == batch(project)
    assert told(recommender) != told(Recommender.load(repo=reproduced.root))
    shown = json.loads(project.recommender("recommend", "u_0", "-k", "99", "--format", "json").stdout)["u_0"]
    everything = project.recommender("recommend", "u_0", "-k", "99", "--include-seen", "--format", "json").stdout
    assert len(shown) < len(json.loads(everything)["u_0"]) == 50
    assert type(joblib.load(project.path(PICKLES[0]))) is LightFM
    assert project.path(PICKLES[1]).read_bytes() == reproduced.path(PICKLES[1]).read_bytes()
    if family == "history":
        model = read_model(project.path("models/factors.npz"))
        assert isinstance(model, Factors)
        scores = model.user_embeddings @ model.item_embeddings.T + model.item_biases + model.user_biases[:, None]
        np.testing.assert_allclose(predicted(project), scores, atol=1e-5)
    else:
        assert project.path(PICKLES[0]).read_bytes() == reproduced.path(PICKLES[0]).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("family", ["ease", "item_knn"])
def test_a_release_of_another_family_is_compared_described_and_loaded_from_elsewhere(
    family: str, pushed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in pushed.env().items():
        monkeypatch.setenv(name, value)
    pushed.recommender("release", "v1.0.0")
    before = told(Recommender.load(repo=pushed.root))
    ship(pushed, family)
    pushed.dvc("repro")
    pushed.commit("Ship another family")
    pushed.dvc("push", "--quiet")
    assert "ndcg@10 against v1.0.0" in pushed.recommender("release", "v2.0.0", "--even-if-worse").stdout
    after = told(Recommender.load(repo=pushed.root))
    assert after != before
    for repo in (pushed.root, pushed.root.as_uri()):
        assert told(Recommender.load("v1.0.0", repo)) == before
        assert told(Recommender.load("v2.0.0", repo)) == after
    for version, expected in (("v1.0.0", "lightfm"), ("v2.0.0", family)):
        found = json.loads(pushed.recommender("info", "--rev", version, "--format", "json").stdout)
        assert found["family"] == expected
        assert f"\nfamily: {expected}\n" in pushed.recommender("info", "--rev", version).stdout
    listed = json.loads(pushed.recommender("releases", "--format", "json").stdout)
    assert listed[0]["ndcg@10"] != listed[1]["ndcg@10"]
    assert "models/factors.npz" in pushed.recommender("summary").stdout


def test_what_was_released_before_there_were_families_still_loads(pushed: Project) -> None:
    lock = pushed.path("dvc.lock")
    kept = [line for line in lock.read_text().splitlines(keepends=True) if line.strip() != "family: lightfm"]
    lock.write_text("".join(kept))
    with np.load(pushed.path("models/factors.npz"), allow_pickle=False) as arrays:
        assert set(arrays.files) == {"user_embeddings", "user_biases", "item_embeddings", "item_biases"}
    assert told(Recommender.load(repo=pushed.root)) == batch(pushed)
    assert json.loads(pushed.recommender("info", "--format", "json").stdout)["family"] == "lightfm"
