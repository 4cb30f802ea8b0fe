"""A small published project, made by hand: a Git repository with a `dvc.lock`, and a storage with its artifacts.

It is what `Recommender.load` needs and nothing more, so that an attack on it takes a fraction of a second.
"""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
import yaml

from recommender.files.arrays import write_matrix
from recommender.files.factors import Factors
from recommender.files.ids import IdMap
from recommender.files.item_weights import ItemWeights
from recommender.files.json_files import write_json
from recommender.files.models import Model, write_model
from recommender.files.tables import write_table

STAGES = {
    "data/matrix/ids.json": "matrix",
    "data/matrix/interactions.npz": "matrix",
    "data/clean/titles.parquet": "validate",
    "models/factors.npz": "train",
    "metrics/data.json": "validate",
    "metrics/ranking.json": "evaluate",
    "metrics/report.html": "report",
}
IDS = IdMap(("u_0", "u_1", "u_2"), ("p_0", "p_1", "p_2", "p_3"))
PAGE = "<!doctype html><title>{title}</title><!--changes--><!--/changes--><p>Page</p><!--origin--><!--/origin-->"
ANSWER = ["p_3", "p_2", "p_1"]
"""What u_0, who has p_0, gets."""
WEIGHTS = np.array([[0, 1, 2, 3], [1, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]], np.float32)
MODELS: dict[str, Model] = {
    "factors": Factors(
        np.ones((3, 2), np.float32),
        np.zeros(3, np.float32),
        np.zeros((4, 2), np.float32),
        np.arange(4, dtype=np.float32),
    ),
    "weights of items": ItemWeights(WEIGHTS, np.arange(4, dtype=np.int32), 4),
    "weights of some items": ItemWeights(WEIGHTS[:3, :3].copy(), np.array([0, 2, 3], np.int32), 4),
    "weights of neighbours": ItemWeights.sparse(sp.csr_matrix(WEIGHTS)),
}
"""A small model of each kind: u_0 likes the last program most, and then the one before it."""
ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.org", "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.org", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A repository and its storage, side by side."""

    root: Path
    storage: Path

    @property
    def url(self) -> str:
        return self.root.as_uri()

    def git(self, *arguments: str | bytes, stdin: bytes | None = None) -> str:
        command = ["git", "-C", os.fspath(self.root), *arguments]
        environment = {**os.environ, **ENVIRONMENT}
        done = subprocess.run(command, check=True, capture_output=True, env=environment, input=stdin)
        return done.stdout.decode(errors="replace")

    def commit(self, message: str = "Work") -> str:
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def configure(self, *options: str, url: str | None = None) -> None:
        """Write `.dvc/config`: a default remote with these options."""
        lines = ["[core]", "    remote = storage", "['remote \"storage\"']", f"    url = {url or self.storage}"]
        self.write(".dvc/config", "\n".join([*lines, *(f"    {option}" for option in options)]) + "\n")

    def store(self, artifacts: dict[str, bytes]) -> dict[str, str]:
        """Put artifacts into the storage (and metrics into Git, too), and let `dvc.lock` record them."""
        stages: dict[str, dict[str, list[dict[str, object]]]] = {}
        md5s = {}
        for path, content in artifacts.items():
            md5 = md5s[path] = hashlib.md5(content, usedforsecurity=False).hexdigest()
            target = self.storage / "files/md5" / md5[:2] / md5[2:]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            if path.startswith("metrics/"):
                self.write(path, content)
            entry = {"path": path, "hash": "md5", "md5": md5, "size": len(content)}
            stages.setdefault(STAGES[path], {"outs": []})["outs"].append(entry)
        self.write("dvc.lock", yaml.safe_dump({"schema": "2.0", "stages": stages}))
        return md5s


def artifacts(folder: Path, kind: str = "factors") -> dict[str, bytes]:
    """The artifacts of a small model, one of `MODELS`."""
    n_users, n_programs = IDS.shape
    seen = sp.coo_matrix((np.ones(1, np.float32), (np.zeros(1, int), np.zeros(1, int))), shape=IDS.shape)
    write_json(folder / "ids.json", IDS.to_json())
    write_table(
        folder / "titles.parquet", pa.table({"program_id": IDS.program_ids, "title": ["A", "B", "\x1b]0;C\x07", "D"]})
    )
    write_matrix(folder / "interactions.npz", seen)
    write_model(folder / "factors.npz", MODELS[kind])
    write_json(folder / "data.json", {"users": n_users, "programs": n_programs, "positives": 1})
    write_json(folder / "ranking.json", {"model": {"ndcg@10": 0.5, "auc": 0.25}})
    (folder / "report.html").write_text(PAGE.format(title="Theirs"))
    return {path: (folder / Path(path).name).read_bytes() for path in STAGES}


def published(folder: Path, kind: str = "factors") -> Published:
    """Make a project whose release v1.0.0, with one of `MODELS`, is in its storage."""
    project = Published(folder / "project", folder / "storage")
    project.root.mkdir(parents=True)
    project.git("init", "--quiet", "--initial-branch", "main")
    (folder / "made").mkdir()
    project.store(artifacts(folder / "made", kind))
    project.configure()
    project.commit("Publish")
    project.git("tag", "--annotate", "--message", "First", "recommender@v1.0.0")
    return project
