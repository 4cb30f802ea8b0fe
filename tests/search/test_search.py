"""The best settings are those that did best on what was set aside, and what is said of them is true."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from projects import CHECKOUT
from search.stage_folder import DATA, OUTS, Folder, folder_of, tastes

from recommender.errors import RecommenderError
from recommender.families.fit_family import fit_family
from recommender.files.factors import Factors
from recommender.files.item_weights import ItemWeights
from recommender.pipeline.chosen import chosen_settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.split import SplitSettings
from recommender.splits.parts import Split
from recommender.splits.validation import split_again
from recommender.training.examples import Examples

STAGES: dict[str, dict[str, Any]] = read_yaml(CHECKOUT / "dvc.yaml")["stages"]
EVERY_FAMILY: dict[str, dict[str, Any]] = {
    "lightfm": {"epochs": {"low": 1, "high": 8}, "no_components": {"low": 2, "high": 8}},
    "history": {"epochs": {"low": 1, "high": 4}, "dropout": {"low": 0.1, "high": 0.6}},
    "ease": {"l2": {"low": 1.0, "high": 1000.0, "log": True}},
    "ials": {"epochs": {"low": 1, "high": 4}, "no_components": {"values": [4]}, "l2": {"low": 0.001, "high": 1.0}},
    "item_knn": {"neighbours": {"low": 1, "high": 20}, "side": {"values": ["candidate", "history"]}},
    "rp3beta": {"beta": {"low": 0.0, "high": 1.2}},
}
LIGHTFM = {"lightfm": EVERY_FAMILY["lightfm"]}
KNN = {"item_knn": EVERY_FAMILY["item_knn"]}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return folder_of(tmp_path / "folder", tastes())


def again(tmp_path: Path) -> Folder:
    """The same data in a folder where nothing was searched before."""
    return folder_of(tmp_path / "again", tastes())


def present(folder: Folder, family: str) -> float:
    (row,) = [row for row in folder.trials if (row["family"], row["trial"]) == (family, "0")]
    return float(row["score"])


def ndcg(model: Factors | ItemWeights, parts: Split, k: int) -> float:
    """NDCG over all users with something to find, user by user."""
    known = np.asarray(parts.train.toarray())
    if isinstance(model, Factors):
        scores = model.user_embeddings @ model.item_embeddings.T + model.item_biases
    else:
        weights = model.weights if isinstance(model.weights, np.ndarray) else model.weights.toarray()
        scores = (known > 0) @ weights
    found = []
    for user in np.unique(parts.test.row):
        wanted = set(parts.test.col[parts.test.row == user])
        listed = [item for item in np.argsort(-scores[user], kind="stable") if not known[user, item]][:k]
        ideal = sum(1 / np.log2(rank + 2) for rank in range(min(k, len(wanted))))
        found.append(sum(1 / np.log2(rank + 2) for rank, item in enumerate(listed) if item in wanted) / ideal)
    return float(np.mean(found))


@pytest.mark.parametrize(("num_threads", "users"), [(2, 20), (4, 5000)])
def test_threads_cannot_change_a_byte(num_threads: int, users: int, folder: Folder, tmp_path: Path) -> None:
    folder.search(EVERY_FAMILY, users=users)
    other = again(tmp_path)
    other.search(EVERY_FAMILY, users=users, execution__num_threads=num_threads)
    assert other.outs == folder.outs
    assert {row["family"] for row in folder.trials} == set(EVERY_FAMILY)


@pytest.mark.parametrize("users", [20, 5000])
@pytest.mark.parametrize("family", EVERY_FAMILY)
def test_the_present_settings_are_trial_0_and_never_better_than_the_best(
    family: str, users: int, folder: Folder
) -> None:
    folder.search({family: EVERY_FAMILY[family]}, users=users)
    best = folder.best["families"][family]
    assert best["ndcg@10"]["mean"] >= present(folder, family)
    assert best["ndcg@10"]["low"] <= best["ndcg@10"]["mean"] <= best["ndcg@10"]["high"]
    assert folder.best["family"] == family
    settings = json.loads(folder.trials[0]["settings"])
    params = Params.parse(read_yaml(folder.path / "params.yaml"), "params.yaml")
    given = (params.train if family == "lightfm" else getattr(params.peers, family)).model_dump()
    assert {name: value for name, value in settings.items() if name != "epochs"} == {
        name: given[name] for name in settings if name != "epochs"
    }
    (chosen,) = [row for row in folder.trials if row["trial"] == str(best["trial"])]
    assert float(chosen["score"]) == best["ndcg@10"]["mean"]
    assert json.loads(chosen["settings"]) == best["settings"]


def test_the_family_that_leads_has_the_best_score(folder: Folder) -> None:
    folder.search(EVERY_FAMILY)
    scores = {family: found["ndcg@10"]["mean"] for family, found in folder.best["families"].items()}
    assert scores[folder.best["family"]] == max(scores.values()) > min(scores.values())


@pytest.mark.parametrize("family", ["lightfm", "history", "ials", "ease", "item_knn"])
def test_the_best_settings_trained_as_they_are_written_give_the_score_that_is_written(
    family: str, folder: Folder
) -> None:
    train = tastes()
    params = Params.parse(read_yaml(CHECKOUT / "params.yaml"), "params.yaml")
    parts = split_again(train, None, params.split)
    users = len(np.unique(parts.test.row))
    folder.search({family: EVERY_FAMILY[family]}, users=users, k=5)
    params = Params.parse(read_yaml(folder.path / "params.yaml"), "params.yaml")
    given = params.train if family == "lightfm" else getattr(params.peers, family)
    settings = chosen_settings(family, given, "searched", folder.best)  # type: ignore[arg-type]
    *_, last = fit_family(Examples(parts.train), settings)
    assert folder.best["families"][family]["ndcg@5"]["mean"] == pytest.approx(ndcg(last.model(), parts, 5), abs=1e-6)


@pytest.mark.parametrize("strategy", ["random", "leave_last", "time", "given"])
def test_trials_are_measured_on_training_data_that_is_split_as_the_test_was(strategy: str, tmp_path: Path) -> None:
    train = tastes(seed=1)
    then = np.random.default_rng(0).permutation(train.nnz).astype(np.int64)
    folder = folder_of(tmp_path / "folder", train, then)
    params = read_yaml(CHECKOUT / "params.yaml")
    splitting = SplitSettings.parse(params["split"] | {"strategy": strategy}, "split")
    parts = split_again(train, then, splitting)
    assert not parts.train.multiply(parts.test).nnz
    settings = Params.parse(params, "params.yaml").peers.ease
    *_, last = fit_family(Examples(parts.train), settings)

    folder.search({"ease": {}}, users=len(np.unique(parts.test.row)), k=10, split__strategy=strategy)
    assert present(folder, "ease") == pytest.approx(ndcg(last.model(), parts, 10), abs=1e-6)


@pytest.mark.parametrize("strategy", ["leave_last", "time"])
def test_a_strategy_that_needs_times_says_so_in_one_line(strategy: str, folder: Folder) -> None:
    with pytest.raises(
        RecommenderError, match=rf"^split\.strategy is '{strategy}', and interactions\.csv has no times;"
    ):
        folder.search(KNN, split__strategy=strategy)


@pytest.mark.parametrize("strategy", ["random", "leave_last", "time", "given"])
def test_data_too_small_to_validate_on_is_one_line(strategy: str, tmp_path: Path) -> None:
    train = sp.eye(3, format="coo", dtype=np.float32)
    folder = folder_of(tmp_path / "folder", train, np.arange(3))
    with pytest.raises(RecommenderError, match="leaves nothing to validate on: 3 training positives") as caught:
        folder.search(KNN, split__strategy=strategy)
    assert len(str(caught.value).splitlines()) == 1


def test_the_least_data_that_can_be_validated_on_is_searched(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "folder", sp.coo_matrix(np.array([[1, 1, 0]], dtype=np.float32)))
    folder.search(EVERY_FAMILY)
    assert set(folder.best["families"]) == set(EVERY_FAMILY)


def test_the_search_depends_on_the_training_data_and_on_features_and_on_no_other_data() -> None:
    deps = {dep for dep in STAGES["search"]["deps"] if not dep.startswith(("src/", "requirements/"))}
    assert deps == {f"data/split/{name}" for name in DATA[:2]} | {f"data/matrix/{name}" for name in DATA[2:]}


@pytest.mark.parametrize("families", [["ease", "item_knn", "rp3beta"], ["rp3beta", "item_knn", "ease"]])
def test_of_equal_scores_the_earlier_trial_and_the_earlier_family_win(families: list[str], tmp_path: Path) -> None:
    # Everybody has everything, so each user has one candidate, and every list is right.
    folder = folder_of(tmp_path / "folder", sp.coo_matrix(np.ones((12, 4), dtype=np.float32)))
    folder.search({family: EVERY_FAMILY[family] for family in families})
    assert {float(row["score"]) for row in folder.trials} == {1.0}
    assert len(folder.trials) > len(families)
    assert folder.best["family"] == families[0]
    assert {found["trial"] for found in folder.best["families"].values()} == {0}


def test_a_trial_that_diverges_scores_0_and_does_not_stop_the_search(folder: Folder) -> None:
    folder.search({"lightfm": {"learning_rate": {"values": [1e9, 0.1]}}})
    scores = {json.loads(row["settings"])["learning_rate"]: float(row["score"]) for row in folder.trials}
    assert scores.pop(1e9) == 0
    assert set(scores) == {0.05, 0.1}
    assert min(scores.values()) > 0


@pytest.mark.parametrize("num_threads", [1, 2])
def test_present_settings_that_diverge_stop_the_search_with_their_one_line(num_threads: int, folder: Folder) -> None:
    with pytest.raises(RecommenderError, match=r"^training diverged in epoch 1: ") as caught:
        folder.search(LIGHTFM, train__learning_rate=1e9, execution__num_threads=num_threads)
    assert len(str(caught.value).splitlines()) == 1
    assert not any((folder.path / name).exists() for name in OUTS)


def test_without_trials_nothing_is_searched_and_the_tables_have_their_columns(folder: Folder, tmp_path: Path) -> None:
    folder.search(EVERY_FAMILY, trials=0)
    assert folder.best == {}
    assert folder.trainings == {}
    searched = again(tmp_path)
    searched.search(KNN)
    for name in OUTS[1:]:
        assert folder.rows(name) == []
        (header,) = folder.outs[name].splitlines()
        assert searched.outs[name].splitlines()[0] == header


def test_one_trial_measures_the_present_settings_alone(folder: Folder) -> None:
    folder.search(EVERY_FAMILY, trials=1)
    assert [row["trial"] for row in folder.trials] == ["0"] * len(EVERY_FAMILY)
    assert folder.rows("by_setting.csv") == []
    assert folder.rows("importance.csv") == []


def test_a_setting_that_decides_everything_and_one_that_decides_nothing_are_told_apart(folder: Folder) -> None:
    # `k` is for another loss. Eight points of the sequence are every pair of these values once.
    folder.search({"lightfm": {"no_components": {"values": [1, 8]}, "k": {"values": [1, 2, 3, 4]}}}, trials=9)
    assert len(folder.trials) == 9
    assert {row["setting"]: float(row["importance"]) for row in folder.rows("importance.csv")} == {
        "no_components": 1.0,
        "k": 0.0,
    }


def test_where_all_score_the_same_no_setting_is_important(folder: Folder) -> None:
    folder.search({"lightfm": {"k": {"values": [1, 2, 3, 4]}}})
    assert [float(row["importance"]) for row in folder.rows("importance.csv")] == [0.0]


def test_each_setting_that_was_drawn_has_its_place_value_and_score(folder: Folder) -> None:
    folder.search(KNN)
    scores = {row["trial"]: row["score"] for row in folder.trials}
    settings = {row["trial"]: json.loads(row["settings"]) for row in folder.trials}
    rows = folder.rows("by_setting.csv")
    assert {(row["trial"], row["setting"]) for row in rows} == {
        (trial, name) for trial in scores if trial != "0" for name in ("neighbours", "side")
    }
    for row in rows:
        assert row["score"] == scores[row["trial"]]
        assert row["value"] == str(settings[row["trial"]][row["setting"]])
        assert 0 <= float(row["place"]) <= 1


def test_what_is_fixed_is_no_dimension(folder: Folder) -> None:
    folder.search({"item_knn": EVERY_FAMILY["item_knn"] | {"shrinkage": {"values": [3.0]}}})
    assert {row["setting"] for row in folder.rows("by_setting.csv")} == {"neighbours", "side"}
    assert {json.loads(row["settings"])["shrinkage"] for row in folder.trials[1:]} == {3.0}


def test_another_seed_tries_other_settings(folder: Folder, tmp_path: Path) -> None:
    folder.search(KNN)
    other = again(tmp_path)
    other.search(KNN, seed=7)
    assert folder.trials[0]["settings"] == other.trials[0]["settings"]
    assert [row["settings"] for row in folder.trials] != [row["settings"] for row in other.trials]
