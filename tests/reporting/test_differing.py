"""The page lists every setting that is not the default, with both values, and no other."""

from typing import Any

import pytest
from projects import CHECKOUT

from recommender.files.json_files import read_json
from recommender.reporting.differing import DEFAULTS, differing, leaves, shown
from recommender.settings.base import Settings
from recommender.settings.data import DataSettings
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml

DEFAULT: dict[str, Any] = read_json(DEFAULTS)


def rows(group: str, model: type[Settings], **changes: Any) -> list[Any]:
    return list(differing({group: model.parse(DEFAULT[group] | changes, group)}).rows)


def test_the_defaults_differ_in_nothing() -> None:
    params = Params.parse(read_yaml(CHECKOUT / "params.yaml"), "params.yaml")
    groups = {name: group for name, group in params if name in DEFAULT}
    assert "train" in groups
    assert differing(groups).rows == []


def test_a_setting_is_named_in_full_with_what_it_is_and_what_it_would_be() -> None:
    columns = DEFAULT["data"]["columns"]
    changed = columns | {
        "programs": columns["programs"] | {"title": None},
        "interactions": columns["interactions"] | {"user_id": "<who>"},
    }
    assert rows("data", DataSettings, columns=changed, delimiter="\t", positive_threshold=3.5) == [
        ("data.positive_threshold", "3.5", "1.0"),
        ("data.columns.programs.title", "null", "name"),
        ("data.columns.interactions.user_id", "<who>", "user_id"),
        ("data.delimiter", '"\\t"', ","),
    ]


def test_lists_and_switches_are_written_as_in_the_file() -> None:
    assert rows("evaluate", EvaluateSettings, ks=[5], segments=[]) == [
        ("evaluate.ks", "[5]", "[10, 5, 20]"),
        ("evaluate.segments", "[]", "[0, 5, 20, 100]"),
    ]
    assert rows("features", FeatureSettings, users=["país"], normalize=False) == [
        ("features.users", '["país"]', "[]"),
        ("features.normalize", "false", "true"),
    ]


def test_what_is_there_only_here_or_only_by_default_is_null_elsewhere() -> None:
    assert rows("features", FeatureSettings, programs=["genres"], separator={"genres": "|"}) == [
        ("features.programs", '["genres"]', "[]"),
        ("features.separator.genres", "|", "null"),
    ]


def test_groups_are_listed_in_their_order() -> None:
    table = differing(
        {
            "features": FeatureSettings.parse(DEFAULT["features"] | {"users": ["a"]}, "features"),
            "data": DataSettings.parse(DEFAULT["data"] | {"weight": "interaction"}, "data"),
        }
    )
    assert [name for name, *_ in table.rows] == ["features.users", "data.weight"]


def test_nested_settings_are_leaves_and_an_empty_group_is_one_itself() -> None:
    assert list(leaves({"a": 1, "b": {"c": {"d": None}, "e": []}, "f": {}})) == [
        ("a", 1),
        ("b.c.d", None),
        ("b.e", []),
        ("f", {}),
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [("text", "text"), (True, "true"), (None, "null"), (1e-06, "1e-06"), (["é"], '["é"]'), ("\t", '"\\t"'), ("", '""')],
)
def test_a_value_is_written_much_as_yaml_does(value: object, written: str) -> None:
    assert shown(value) == written
