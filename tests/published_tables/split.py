"""A small split with a published table, whose figures are computed here by plain NumPy, as the papers say."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from projects import CHECKOUT

COMMAND = CHECKOUT / "benchmarks/published/run.py"
Doubles = NDArray[np.float64]
K = 3
METRICS = [f"ndcg@{K}", f"recall@{K}", f"capped_recall@{K}"]
RP3BETA = {"alpha": 0.7, "beta": 0.3, "neighbours": 6}
BOTH_SIDES = RP3BETA | {"normalise": True}
KNN = {"neighbours": 5, "shrinkage": 2.0, "side": "candidate"}
EASE = {"l2": 7.5}


def drawn() -> tuple[Doubles, Doubles]:
    """Draw train and test, shape (60, 25); not every user has a test item."""
    rng = np.random.default_rng(5)
    tastes = rng.gamma(0.7, size=(60, 3)) @ rng.gamma(0.7, size=(3, 25))
    kinds = np.where(rng.random((60, 25)) < tastes / (1 + tastes), rng.choice([1, 1, 2], size=(60, 25)), 0)
    kinds[:, 0] = 1
    kinds[::7] = np.where(kinds[::7] == 2, 1, kinds[::7])
    return (kinds == 1).astype(np.float64), (kinds == 2).astype(np.float64)


def figures(scores: Doubles) -> dict[str, float]:
    """Measure scores, shape (60, 25), user by user."""
    train, test = drawn()
    found = []
    for user in np.flatnonzero(test.any(axis=1)):
        candidates = [int(item) for item in np.flatnonzero(train[user] == 0)]
        listed = sorted(candidates, key=lambda item: (-scores[user, item], item))[:K]
        hits = [place for place, item in enumerate(listed) if test[user, item]]
        n_tests = int(test[user].sum())
        ideal = sum(1 / np.log2(place + 2) for place in range(min(K, n_tests)))
        gain = sum(1 / np.log2(place + 2) for place in hits)
        found.append([gain / ideal, len(hits) / n_tests, len(hits) / min(K, n_tests)])
    return dict(zip(METRICS, np.mean(found, axis=0).tolist(), strict=True))


def kept(weights: Doubles, k: int) -> Doubles:
    """Keep the largest of each row but the diagonal."""
    weights = np.where(np.eye(len(weights)) > 0, 0, weights)
    return np.where(weights >= np.sort(weights, axis=1)[:, [-k]], weights, 0)


def walks() -> Doubles:
    train, _ = drawn()
    of_users, of_items = np.maximum(1, train.sum(axis=1)), np.maximum(1, train.sum(axis=0))
    alpha, beta = RP3BETA["alpha"], RP3BETA["beta"]
    there = np.where(train.T > 0, 1 / of_items[:, None], 0) ** alpha
    back = np.where(train > 0, 1 / of_users[:, None], 0) ** alpha
    return kept(there @ back / of_items**beta, int(RP3BETA["neighbours"]))


def both_sides() -> Doubles:
    weights = walks() / walks().sum(axis=1, keepdims=True)
    return kept(weights.T, int(RP3BETA["neighbours"])).T


def rarity() -> Doubles:
    train, _ = drawn()
    weighed = train * np.log(25 / (1 + train.sum(axis=1, keepdims=True)))
    lengths = np.sqrt((weighed**2).sum(axis=0))
    return kept(weighed.T @ weighed / (np.outer(lengths, lengths) + 2.0), 5).T


def ease() -> Doubles:
    train, _ = drawn()
    inverse = np.linalg.inv(train.T @ train + EASE["l2"] * np.eye(25))
    return np.where(np.eye(25) > 0, 0, -inverse / np.diag(inverse))


RUNS: dict[str, tuple[str, dict[str, Any], Callable[[], Doubles]]] = {
    "TopPop": ("popularity", {}, lambda: np.tile(drawn()[0].sum(axis=0), (60, 1))),
    "RP3beta": ("rp3beta", RP3BETA, lambda: drawn()[0] @ walks()),
    "RP3beta, cut twice": ("rp3beta_both_sides", BOTH_SIDES, lambda: drawn()[0] @ both_sides()),
    "ItemKNN, TF-IDF": ("item_knn_by_rarity", KNN, lambda: drawn()[0] @ rarity()),
    "EASE": ("ease", EASE, lambda: drawn()[0] @ ease()),
}


@dataclass(frozen=True)
class Split:
    """The files of the split in a folder, and a table about them."""

    folder: Path
    table: dict[str, Any]

    @classmethod
    def write(cls, folder: Path, written: str = "lists") -> "Split":
        train, test = drawn()
        early = train * (np.arange(25) < 12)
        files = {"train.txt": early, "valid.txt": train - early, "test.txt": test}
        for name, part in files.items():
            (folder / name).write_text("\n".join(lines(part, written)) + "\n")
        table = {
            "data": {
                "name": "Made up", "source": "example.org", "written": written,
                "train": {name: sha256(folder / name) for name in ("train.txt", "valid.txt")},
                "test": {"test.txt": sha256(folder / "test.txt")},
            },
            "metrics": METRICS,
            "protocol": ["Lists of 3."],
            "sources": {"Paper": {"paper": "A paper", "table": "table 1", "read_in": "a file"}},
            "methods": [
                {
                    "name": name, "source": "Paper", "figures": figures(scores()),
                    "runs": [{"by": by, "settings": dict(settings)}],
                }
                for name, (by, settings, scores) in RUNS.items()
            ],
            "search": ["item_knn", "ease", "rp3beta"],
        }  # fmt: skip
        return cls(folder, table)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = self.folder / "table.yaml"
        path.write_text(json.dumps(self.table))
        return command(str(path), str(self.folder), *arguments)


def lines(part: Doubles, written: str) -> Iterable[str]:
    """Write users and items, both with numbers that leave some out."""
    for user, row in enumerate(part):
        items = [str(3 * item + 5) for item in np.flatnonzero(row)]
        if written == "lists":
            yield " ".join([str(2 * user), *items])
        else:
            yield from (f"{2 * user}\t{item}\t{4}" for item in items)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, COMMAND, *arguments], capture_output=True, text=True, check=False)


def tables(printed: str) -> list[list[dict[str, list[str]]]]:
    """Read the tables that were printed: for each row, the cells by the name of their column, in order."""
    found: list[list[dict[str, list[str]]]] = []
    for block in re.findall(r"(?:^\|.*\|\n)+", printed, flags=re.MULTILINE):
        header, _, *rows = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in block.splitlines())
        found.append([])
        for row in rows:
            cells: dict[str, list[str]] = {}
            for name, cell in zip(header, row, strict=True):
                cells.setdefault(name, []).append(cell)
            found[-1].append(cells)
    return found


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
