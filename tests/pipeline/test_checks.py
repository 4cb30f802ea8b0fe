"""What no stage but `params` declares only checks and refuses: nothing of it can change a byte of an artifact."""

from pathlib import Path

import pytest
from dvc.utils.serialize import load_yaml
from projects import CHECKOUT

from recommender import text
from recommender.cleaning import csv_file, refusals, validate_files
from recommender.files.csv_files import csv_bytes
from recommender.settings.base import Settings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.search import Dimension

FILES = {
    "users.csv": "user_id\nu_0\nu_1\nu_1\n",
    "programs.csv": "program_id,name\np_0,One\np_1\n,Two\n",
    "interactions.csv": "user_id,program_id,interaction\nu_0,p_0,1\nu_0,p_9,1\nu_1,p_0,\x1b\nu_1,p_0,1\n",
}


def test_settings_are_what_params_yaml_says() -> None:
    path = CHECKOUT / "params.yaml"
    content = read_yaml(path)
    assert content == load_yaml(path)  # as DVC reads it, and records it in dvc.lock
    settings = Params.parse(content, path.name)
    assert settings.model_dump(exclude_unset=True) == content
    for group, values in content.items():
        parsed = Params.model_fields[group].annotation.parse(values, group)  # type: ignore[union-attr]
        assert parsed.model_dump(exclude_unset=True) == values


def test_no_setting_has_a_default_that_params_yaml_does_not_show() -> None:
    optional = {
        model
        for model in Settings.__subclasses__()
        if not all(field.is_required() for field in model.model_fields.values())
    }
    assert optional == {Dimension}  # which is a range or values, and cannot be both


def test_how_a_message_shows_a_value_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    before = cleaned(tmp_path)
    assert b"u_1" in before[-1]  # something was dropped and says what
    for module in (csv_file, refusals, validate_files):
        for name in set(vars(module)) & {"cut", "named", "one_line", "printable", "shown"}:
            monkeypatch.setattr(module, name, lambda *_: "otherwise")
    assert text.shown("u_1") == "'u_1'"
    assert cleaned(tmp_path) == before


def cleaned(folder: Path) -> list[bytes]:
    """Give what `validate` writes of files that have something wrong in every place."""
    content = read_yaml(CHECKOUT / "params.yaml")
    content["data"] |= {"bad_rows": "drop", "unknown_ids": "drop"}
    settings = Params.parse(content, "params.yaml")
    clean = validate_files.validate_files(
        *(folder / name for name in FILES), settings=settings.data, features=settings.features
    )
    return [
        csv_bytes(table) for table in (clean.users, clean.programs, clean.titles, clean.interactions, clean.dropped)
    ]
