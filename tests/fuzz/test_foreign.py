"""Whatever a repository elsewhere gives is read as others read it, or refused in one line."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from fuzz.foreign import EDITS, NESTED, TEXTS, Edits, edited, holds_for_artifacts, holds_for_config, holds_for_lock
from hypothesis import example, given
from hypothesis import strategies as st
from projects import CHECKOUT
from published import artifacts

LOCK = (CHECKOUT / "dvc.lock").read_bytes()
CONFIG = (CHECKOUT / ".dvc/config").read_bytes()
WAYS = st.sampled_from(
    ["http", "https", "webdav", "webdavs", "s3", "ssh", "gs", "azure", "remote", "hdfs", "gdrive", "file", "HTTP", ""]
)
NAMES = st.sampled_from(
    [
        "url",
        "user",
        "port",
        "region",
        "endpointurl",
        "password",
        "verify",
        "auth",
        "profile",
        "bearer_token_command",
        "x",
    ]
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    found = artifacts(tmp_path_factory.mktemp("model"))
    return {Path(path).name: content for path, content in found.items() if not path.startswith("metrics")}


def test_the_model_that_is_damaged_below_is_a_model(model: dict[str, bytes]) -> None:
    assert holds_for_artifacts(model)


@given(name=st.sampled_from(["ids.json", "titles.parquet", "factors.npz", "interactions.npz"]), edits=EDITS)
def test_a_damaged_artifact_is_read_as_others_read_it_or_refused(
    name: str, edits: Edits, model: dict[str, bytes]
) -> None:
    holds_for_artifacts(model | {name: edited(model[name], edits)})


@given(content=st.binary(max_size=64) | NESTED.map(lambda value: repr(value).encode(errors="surrogatepass")))
def test_an_artifact_of_anything_is_refused(content: bytes, model: dict[str, bytes]) -> None:
    for name in model:
        holds_for_artifacts(model | {name: content})


@given(edits=EDITS)
@example(edits=[("insert", 0.0, b"[" * 100_000)])
@example(edits=[("insert", 0.0, b"a: &a [*a, *a]\n")])
def test_a_damaged_lock_is_read_as_others_read_it_or_refused(edits: Edits) -> None:
    holds_for_lock(edited(LOCK[:3000].rpartition(b"\n  matrix:")[0] or LOCK[:3000], edits))


@given(stages=st.dictionaries(TEXTS, NESTED, max_size=3), outs=NESTED, path=TEXTS, size=NESTED)
def test_a_lock_of_anything_is_read_or_refused(stages: dict[str, Any], outs: Any, path: str, size: Any) -> None:
    stages |= {"train": {"outs": [{"path": path, "md5": "0" * 32, "size": size}, outs], "params": outs, "deps": outs}}
    holds_for_lock(yaml.safe_dump({"stages": stages}, allow_unicode=True).encode(errors="surrogatepass"))


@given(edits=EDITS)
def test_a_damaged_configuration_gives_an_address_or_is_refused(edits: Edits) -> None:
    holds_for_config(edited(CONFIG, edits))


@given(
    way=WAYS, rest=st.lists(TEXTS, max_size=4), options=st.dictionaries(NAMES, TEXTS, max_size=3), quote=st.booleans()
)
def test_a_configuration_of_anything_gives_an_address_or_is_refused(
    way: str, rest: list[str], options: dict[str, str], quote: bool
) -> None:
    values = {"url": f"{way}://{'/'.join(rest)}"} | options
    mark = '"' if quote else ""
    lines = [f"{name} = {mark}{value}{mark}" for name, value in values.items()]
    config = "\n".join(["[core]", "remote = a", "['remote \"a\"']", *lines])
    holds_for_config(config.encode(errors="surrogatepass"))
