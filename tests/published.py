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

from recommender.files.arrays import write_arrays, write_matrix
from recommender.files.ids import IdMap
from recommender.files.json_files import write_json
from recommender.files.tables import write_table

STAGES = {
    "data/matrix/ids.json": "matrix",
    "data/matrix/interactions.npz": "matrix",
    "data/clean/titles.parquet": "validate",
    "models/factors.npz": "train",
    "metrics/data.json": "validate",
    "metrics/ranking.json": "evaluate",
}
IDS = IdMap(("u_0", "u_1", "u_2"), ("p_0", "p_1", "p_2", "p_3"))
ANSWER = ["p_3", "p_2", "p_1"]
"""What u_0, who has p_0, gets."""
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


def artifacts(folder: Path) -> dict[str, bytes]:
    """The artifacts of a small model: u_0 likes the last program most."""
    n_users, n_programs = IDS.shape
    seen = sp.coo_matrix((np.ones(1, np.float32), (np.zeros(1, int), np.zeros(1, int))), shape=IDS.shape)
    write_json(folder / "ids.json", IDS.to_json())
    write_table(
        folder / "titles.parquet", pa.table({"program_id": IDS.program_ids, "title": ["A", "B", "\x1b]0;C\x07", "D"]})
    )
    write_matrix(folder / "interactions.npz", seen)
    write_arrays(
        folder / "factors.npz",
        {
            "user_embeddings": np.ones((n_users, 2), np.float32),
            "user_biases": np.zeros(n_users, np.float32),
            "item_embeddings": np.zeros((n_programs, 2), np.float32),
            "item_biases": np.arange(n_programs, dtype=np.float32),
        },
    )
    write_json(folder / "data.json", {"users": n_users, "programs": n_programs, "positives": 1})
    write_json(folder / "ranking.json", {"model": {"ndcg@10": 0.5, "auc": 0.25}})
    return {path: (folder / Path(path).name).read_bytes() for path in STAGES}


def published(folder: Path) -> Published:
    """Make a project whose release v1.0.0 is in its storage."""
    project = Published(folder / "project", folder / "storage")
    project.root.mkdir(parents=True)
    project.git("init", "--quiet", "--initial-branch", "main")
    (folder / "made").mkdir()
    project.store(artifacts(folder / "made"))
    project.configure()
    project.commit("Publish")
    project.git("tag", "--annotate", "--message", "First", "recommender@v1.0.0")
    return project
