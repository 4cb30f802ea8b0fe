"""What a repository elsewhere gives: damaged and forged, and what must hold of it."""

import io
import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp
import yaml
from hypothesis import strategies as st
from projects import CHECKOUT
from published import MODELS, artifacts

from recommender.errors import RecommenderError
from recommender.files.models import read_model
from recommender.serving.lock import Lock
from recommender.serving.recommender import Recommender
from recommender.serving.storage.address import storage_of

LONGEST = 500
Edits = list[tuple[str, float, bytes]]

ODD = ["\x00", "\x1b[2J", "\u202e", "\ud800", "\u2028", "a" * 300, "é", "", " ", "~", "//", "..", "%2e%2e", "#", "@"]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=8))
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([1 << 31, 1 << 63, -1, 10**400]), st.booleans(), st.none()
)
NESTED = st.recursive(
    st.one_of(TEXTS, NUMBERS), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)
KINDS = st.sampled_from(["set", "cut", "insert", "drop", "repeat"])
CHUNKS = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.sampled_from(
        [b"\xff" * 4, b"\0" * 8, b"[" * 3000, b"{" * 3000, b"- " * 3000, b"*a", b"&a ", b"!!int ", b"\n", b"'"]
    ),
)
EDITS = st.lists(st.tuples(KINDS, st.floats(0, 1), CHUNKS), min_size=1, max_size=5)
LOCK = (CHECKOUT / "dvc.lock").read_bytes()[:3000]
CONFIG = (CHECKOUT / ".dvc/config").read_bytes()
WAYS = [
    "http",
    "https",
    "webdav",
    "webdavs",
    "s3",
    "ssh",
    "gs",
    "azure",
    "remote",
    "hdfs",
    "gdrive",
    "file",
    "HTTP",
    "",
]
OPTIONS = ["url", "user", "port", "region", "endpointurl", "password", "verify", "auth", "profile", "keyfile", "x"]


@cache
def model(kind: str = "factors") -> dict[str, bytes]:
    """Make a small model, whose artifacts are damaged."""
    with tempfile.TemporaryDirectory() as folder:
        return {Path(path).name: content for path, content in artifacts(Path(folder), kind).items()}


@st.composite
def models(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw the artifacts of a model, one of which is damaged or something else."""
    name = draw(st.sampled_from(["ids.json", "titles.parquet", "factors.npz", "interactions.npz"]))
    whole = model(draw(st.sampled_from(sorted(MODELS))))
    damaged = EDITS.map(lambda edits: edited(whole[name], edits))
    ids = st.fixed_dictionaries({"users": NESTED, "programs": NESTED}).map(lambda value: json.dumps(value).encode())
    return whole | {name: draw(st.one_of(damaged, damaged, damaged, st.binary(max_size=64), ids))}


@st.composite
def locks(draw: st.DrawFn) -> bytes:
    """Draw what may stand in the place of a `dvc.lock`."""
    if draw(st.booleans()):
        return edited(LOCK, draw(EDITS))
    anything = draw(NESTED)
    outs = [{"path": draw(TEXTS), "md5": "0" * 32, "size": draw(NESTED)}, anything]
    stages = draw(st.dictionaries(TEXTS, NESTED, max_size=3))
    stages |= {"train": {"outs": outs, "params": anything, "deps": anything}}
    return yaml.safe_dump({"stages": stages}, allow_unicode=True).encode(errors="surrogatepass")


@st.composite
def configs(draw: st.DrawFn) -> bytes:
    """Draw what may stand in the place of a `.dvc/config`."""
    if draw(st.booleans()):
        return edited(CONFIG, draw(EDITS))
    url = f"{draw(st.sampled_from(WAYS))}://{'/'.join(draw(st.lists(TEXTS, max_size=4)))}"
    options = draw(st.dictionaries(st.sampled_from(OPTIONS), TEXTS, max_size=3))
    mark = draw(st.sampled_from(["", '"']))
    lines = [f"{name} = {mark}{value}{mark}" for name, value in ({"url": url} | options).items()]
    return "\n".join(["[core]", "remote = a", "['remote \"a\"']", *lines]).encode(errors="surrogatepass")


def edited(content: bytes, edits: Edits) -> bytes:
    """Damage some bytes, at places that are shares of the whole."""
    for kind, where, chunk in edits:
        place = int(where * len(content))
        before, after = content[:place], content[place:]
        content = {
            "set": before + chunk + after[len(chunk) :],
            "cut": before,
            "insert": before + chunk + after,
            "drop": before + after[len(chunk) :],
            "repeat": before + after[:64] * min(3, len(chunk)) + after,
        }[kind]
    return content


@dataclass
class Memory:
    """Artifacts in memory, in the place of a storage."""

    artifacts: dict[str, bytes]
    lock: Lock

    def read(self, stage: str, name: str) -> bytes:  # noqa: ARG002 - names are distinct
        return self.artifacts[name]

    def file(self, path: str) -> bytes:
        return self.artifacts[path]

    def describe(self) -> dict[str, str]:
        return {}


def is_one_line(error: RecommenderError) -> None:
    said = str(error)
    assert said.isprintable(), repr(said)
    assert len(said) <= LONGEST


def holds_for_artifacts(artifacts: dict[str, bytes]) -> bool:
    """Load a model, or refuse it in a line; tell which. What is loaded is what others read of the same bytes."""
    try:
        loaded = Recommender.of(Memory(artifacts, Lock({})))
    except RecommenderError as error:
        is_one_line(error)
        return False
    ids: dict[str, Any] = json.loads(artifacts["ids.json"])
    assert [list(loaded.ids.user_ids), list(loaded.ids.program_ids)] == [ids["users"], ids["programs"]]
    table = pq.read_table(io.BytesIO(artifacts["titles.parquet"])).to_pydict()
    assert (list(loaded.titles), ids["programs"]) == (table["title"], table["program_id"])
    with np.load(io.BytesIO(artifacts["factors.npz"]), allow_pickle=False) as plain:
        for name, array in read_model(io.BytesIO(artifacts["factors.npz"])).arrays.items():
            assert np.array_equal(plain[name], array)
    seen = sp.load_npz(io.BytesIO(artifacts["interactions.npz"])).toarray()
    assert np.array_equal(seen, loaded._seen.toarray(), equal_nan=True)
    for user_id in loaded.ids.user_ids:
        rows = loaded.recommend(user_id, k=2)
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    return True


def holds_for_lock(content: bytes) -> bool:
    """Read a `dvc.lock`, or refuse it in a line; tell which. What it records is what a plain reader finds in it."""
    try:
        lock = Lock.parse(content)
    except RecommenderError as error:
        is_one_line(error)
        return False
    try:
        stages = yaml.safe_load(content)["stages"]
    except yaml.YAMLError:
        return True  # the parser in Python refuses some white space that the one in C takes
    assert {str(name): stage for name, stage in stages.items()}.keys() == lock.stages.keys()
    written = [stage.get("outs") for stage in stages.values()]
    listed = [out for outs in written if isinstance(outs, list) for out in outs if isinstance(out, dict)]
    for path, md5 in lock.outputs().items():
        assert any(out.get("path") == path and out.get("md5") == md5 for out in listed)
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert len(md5) == 32
    lock.inputs(PurePosixPath("data/raw/"))
    json.dumps(lock.params(), default=str, skipkeys=True)
    return True


SAFE_HOST = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]:")


def holds_for_config(content: bytes) -> bool:
    """Find the storage in a `.dvc/config`, or refuse it in a line; tell which. An address is of a harmless form."""
    try:
        address = storage_of(content)
    except RecommenderError as error:
        is_one_line(error)
        return False
    if address is not None and address.way:
        assert address.host
        assert set(address.host) <= SAFE_HOST
        assert not address.host.startswith("-")
        assert ".." not in address.path.split("/")
        assert address.options.keys() <= {"user", "auth", "endpointurl", "region", "projectname", "account_name"}
        assert not any(value.startswith("-") or not value.isprintable() for value in address.options.values())
    return address is not None
