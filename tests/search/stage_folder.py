"""A folder in which the stage `search` runs as DVC would run it: its declaration, its settings, its data."""

import contextlib
import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from projects import CHECKOUT

from recommender.files.arrays import write_arrays, write_matrix
from recommender.pipeline.stage import RECORDS, Stage
from recommender.settings.params_file import read_yaml
from recommender.stages.search import search

DATA = ("train.npz", "train_timestamps.npz", "user_features.npz", "program_features.npz")
OUTS = ("best.json", "trials.csv", "by_setting.csv", "importance.csv")


@dataclass(frozen=True)
class Folder:
    """A folder with what the stage needs, and nothing else: no test interactions above all."""

    path: Path

    def search(self, families: Mapping[str, Mapping[str, Any]], **changed: Any) -> None:
        """Search the spaces of some families, with settings that are changed by their path, as `train__epochs=3`."""
        self.declare(families, **changed)
        with contextlib.chdir(self.path):
            search(Stage("search"))

    def declare(self, families: Mapping[str, Mapping[str, Any]], **changed: Any) -> None:
        params = read_yaml(CHECKOUT / "params.yaml")
        params["execution"] = {"num_threads": 1, "progress": False}
        space = {family: families.get(family, {}) for family in params["search"]["space"]}
        # On so few users a model would be measured on several splits; a test that wants that says so.
        params["search"] |= {"trials": 6, "families": list(families), "space": space, "users": 20}
        params["train"] |= {"trainer": "core", "epochs": 4}
        for where, value in changed.items():
            *groups, key = where.split("__")
            group = params
            for name in groups or ["search"]:
                group = group[name]
            assert key in group
            group[key] = value
        (self.path / "params.yaml").write_text(json.dumps(params))
        stage = {"cmd": "true", "deps": list(DATA), "outs": list(OUTS)}
        (self.path / "dvc.yaml").write_text(json.dumps({"stages": {"search": stage}}))

    @property
    def outs(self) -> dict[str, bytes]:
        return {name: (self.path / name).read_bytes() for name in OUTS}

    @property
    def best(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.outs["best.json"])
        return content

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(self.outs[name].decode().splitlines()))

    @property
    def trials(self) -> list[dict[str, str]]:
        return self.rows("trials.csv")

    @property
    def trainings(self) -> dict[str, tuple[int, int]]:
        """The record of each training that was finished, and which file it is; one that is written again is another."""
        return {
            path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in (self.path / RECORDS / "search").glob("*/*.json")
        }


def tastes(n_users: int = 40, n_items: int = 30, seed: int = 0) -> sp.coo_matrix:
    """Draw users who like one half of the items more than the other, in the order of the data."""
    rng = np.random.default_rng(seed)
    same = np.arange(n_users)[:, None] % 2 == np.arange(n_items) % 2
    liked = rng.random((n_users, n_items)) < np.where(same, 0.5, 0.08)
    liked[:, :2] = True
    return sp.coo_matrix(liked.astype(np.float32))


def folder_of(path: Path, train: sp.coo_matrix, timestamps: NDArray[np.int64] | None = None) -> Folder:
    """Write what the stage depends on."""
    path.mkdir(exist_ok=True)
    write_matrix(path / "train.npz", train)
    write_arrays(path / "train_timestamps.npz", {} if timestamps is None else {"timestamps": timestamps})
    for name, size in zip(("user", "program"), train.shape, strict=True):
        write_matrix(path / f"{name}_features.npz", sp.eye(size, format="csr", dtype=np.float32))
    return Folder(path)
