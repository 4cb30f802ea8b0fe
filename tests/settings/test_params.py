"""A mistake in params.yaml is one line that names the key, what it got and what it takes."""

from pathlib import Path
from typing import Any

import pytest

from recommender.errors import RecommenderError
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml
from recommender.settings.train import TrainSettings

PARAMS = Path(__file__).parents[2] / "params.yaml"


def parsed(text: str, folder: Path) -> Params:
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return Params.parse(read_yaml(path), "params.yaml")


def test_the_shipped_file_is_right_and_holds_the_notebooks_training_parameters() -> None:
    train = Params.parse(read_yaml(PARAMS), "params.yaml").train
    assert (train.loss, train.no_components, train.epochs, train.random_state) == ("warp", 10, 20, 42)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs: 20", "epochs: 20\n  epoch: 3", r"params\.yaml\.train\.epoch is not a setting; .*epochs"),
        ("\nsplit:", "\nsplitt: 1\nsplit:", r"params\.yaml\.splitt is not a setting; .*data, features, split"),
        ("epochs: 20", "epochs: many", r"params\.yaml\.train\.epochs is 'many': it must be a valid integer"),
        ("epochs: 20", "epochs: 2.5", r"params\.yaml\.train\.epochs is 2\.5: it must be a valid integer"),
        ("epochs: 20", "epochs: true", r"params\.yaml\.train\.epochs is True: it must be a valid integer"),
        ("epochs: 20", "epochs: 0", r"params\.yaml\.train\.epochs is 0: it must be greater than or equal to 1"),
        ("  epochs: 20", "  # epochs", r"params\.yaml\.train\.epochs is missing"),
        ("loss: warp", "loss: wrap", r"params\.yaml\.train\.loss is 'wrap': it must be 'warp', 'bpr', 'logistic' or"),
        ("learning_rate: 0.05", "learning_rate: -1", r"learning_rate is -1: it must be greater than 0"),
        ("learning_rate: 0.05", "learning_rate: .nan", r"learning_rate is nan: it must be a finite number"),
        ("encoding: utf-8", "encoding: utf-9", r"data\.encoding is 'utf-9': it must be an encoding that Python knows"),
        ("ks: [10, 5, 20]", "ks: [5, 5]", r"evaluate\.ks is \[5, 5\]: it must name each k once"),
        ("ks: [10, 5, 20]", "ks: []", r"evaluate\.ks is \[\]"),
        ("cold_users: false", "cold_users: no", r"cold_users is 'no': it must be a valid boolean"),
    ],
)
def test_a_wrong_key_or_value_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = PARAMS.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(RecommenderError, match=message) as error:
        parsed(text.replace(old, new, 1), tmp_path)
    assert len(str(error.value).splitlines()) == 1


def test_settings_that_exclude_each_other_are_named(tmp_path: Path) -> None:
    text = PARAMS.read_text(encoding="utf-8").replace("loss: warp ", "loss: warp-kos ").replace("n: 10\n", "n: 2\n")
    with pytest.raises(RecommenderError, match=r"params\.yaml\.train.*n must be at least k, and n is 2, k is 5"):
        parsed(text, tmp_path)


def test_a_number_that_dvc_exp_run_writes_is_a_number(tmp_path: Path) -> None:
    text = PARAMS.read_text(encoding="utf-8").replace("learning_rate: 0.05", "learning_rate: 1e-05")
    assert parsed(text, tmp_path).train.learning_rate == 0.00001


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"params\.yaml is missing; `git checkout params\.yaml` brings it back"),
        (b"data: [1, 2", r"params\.yaml line \d+ is not YAML: "),
        (b"a: 1\na: 2\n", r"params\.yaml line 2 is not YAML: found duplicate key"),
        (b"- 1\n- 2\n", r"params\.yaml must hold keys and values, and holds list"),
        (b"", r"params\.yaml must hold keys and values, and holds NoneType"),
        (b"name: \xe9t\xe9\n", r"params\.yaml is not UTF-8 \(byte 6\)"),
    ],
)
def test_a_file_that_is_no_settings_file_is_one_line(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecommenderError, match=message) as error:
        read_yaml(path)
    assert len(str(error.value).splitlines()) == 1


def test_every_setting_says_what_it_means() -> None:
    undocumented = [name for name, field in TrainSettings.model_fields.items() if not field.description]
    assert not undocumented


def changed(path: str, value: object) -> dict[str, Any]:
    values: dict[str, Any] = read_yaml(PARAMS)
    *groups, key = path.split(".")
    where = values
    for group in groups:
        where = where[group]
    where[key] = value
    return values


@pytest.mark.parametrize(
    ("path", "value", "most"),
    [
        ("split.last_n", 10**27, 1_000_000),
        ("train.no_components", 2_147_483_647, 10_000),
        ("train.epochs", 10**24, 1_000_000),
        ("train.max_sampled", 2**31, 1_000_000),
        ("train.k", 10**7, 1_000_000),
        ("train.n", 10**7, 1_000_000),
        ("train.learning_rate", 1e308, 1_000_000_000),
        ("train.epsilon", 1e39, 1_000_000_000),
        ("train.item_alpha", 1e300, 1_000_000_000),
        ("train.user_alpha", 1e39, 1_000_000_000),
        ("evaluate.bootstrap_samples", 10**11, 1_000_000),
        ("peers.item_knn.neighbours", 10**10, 1_000_000),
        ("search.trials", 10**10, 1_000_000),
        ("learning_curve.every", 10**10, 1_000_000),
        ("learning_curve.k", 10**10, 1_000_000),
        ("recommend.k", 10**30, 1_000_000),
    ],
)
def test_what_no_work_can_do_is_refused_with_its_bound(path: str, value: float, most: int) -> None:
    with pytest.raises(RecommenderError) as error:
        Params.parse(changed(path, value), "params.yaml")
    said = str(error.value)
    assert said.startswith(f"params.yaml.{path} is ")
    assert said.endswith(f"it must be less than or equal to {most}")
    assert len(said) < 200
    Params.parse(changed(path, most), "params.yaml")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "evaluate.ks",
            [10**24],
            "evaluate.ks.0 is 1000000000000000000000000: it must be less than or equal to 1000000",
        ),
        ("evaluate.ks", list(range(1, 102)), "it must have at most 100 items after validation, not 101"),
        ("evaluate.segments", [0, 2**31], "evaluate.segments.1 is 2147483648: it must be less than 2147483648"),
        ("learning_curve.users", 10**12, "learning_curve.users is 1000000000000: it must be less than 2147483648"),
        (
            "data.delimiter",
            "é",
            "data.delimiter is 'é': it must be one ASCII character, and no quote, line break or NUL",
        ),
        *(("data.delimiter", value, 'a tab is "\\t", in quotes') for value in ("\\t", "tab")),
        *(
            ("data.delimiter", value, "it must be one ASCII character, and no quote, line break or NUL")
            for value in ("", ",,", '"', "\n", "\r", "\0", "\u2028")
        ),
        *(
            ("data.encoding", value, "it must be an encoding of files, such as utf-8, latin-1 or cp1252")
            for value in ("idna", "punycode", "Unicode_Escape", "raw_unicode_escape", "UTF7")
        ),
        *(
            ("data.encoding", value, "it must be an encoding that Python knows, such as utf-8, latin-1 or cp1252")
            for value in ("rot13", "hex", "base64", "zip", "", "utf\0", "undefined", "é", "..")
        ),
        ("data.encoding", "\ud800", r"data.encoding is '\ud800': it must be a valid string"),
        ("train.user_alpha", 10**400, "train.user_alpha is a number of about 400 digits: it must be a valid number"),
        ("data.encoding", "x" * 5_000_000, "it must have at most 100 characters"),
        ("data.columns.users.user_id", "x" * 5_000_000, "it must have at most 1000 characters"),
        *(
            (
                "features.separator",
                value,
                "it must be a text of 1 to 100 characters, null, or such a text for each column",
            )
            for value in ("|" * 101, "", 1, ["|"], "\ud800", {"genres": None}, {"genres": ""}, {"genres": {"a": "|"}})
        ),
        (
            "features.separator",
            {"genres": "|"},
            "params.yaml.features.separator is {'genres': '|'}: the column 'genres' is in neither users nor programs",
        ),
        ("features.users", ["a"] * 1001, "it must have at most 1000 items after validation, not 1001"),
        ("train.epochs", 10**10_000, "train.epochs is a number of about 10,000 digits: it must be less than or equal"),
        ("train.epochs", [[["x"] * 10**6] * 10**6] * 10**6, "train.epochs is […, …, …"),
        ("train.epochs", {"\x1b": "\x1b"}, r"train.epochs is {'\x1b': '\x1b'}: it must be a valid integer"),
        ("train.\x1b[31m", 1, r"params.yaml.train.'\x1b[31m' is not a setting"),
        ("train." + "x" * 10_000, 1, "…' is not a setting"),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_an_impossible_value_is_one_short_line_without_control_characters(
    path: str, value: object, message: str
) -> None:
    with pytest.raises(RecommenderError) as error:
        Params.parse(changed(path, value), "params.yaml")
    said = str(error.value)
    assert message in said
    assert len(said) < 500
    assert said.isprintable()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", "\x1f", "a"])
@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8-sig", "latin-1", "utf-16", "utf-16-le", "cp037", "gb18030"])
def test_delimiters_and_encodings_of_files_are_taken(delimiter: str, encoding: str) -> None:
    values = changed("data.delimiter", delimiter)
    values["data"]["encoding"] = encoding
    assert Params.parse(values, "params.yaml").model_dump(exclude_unset=True) == values


@pytest.mark.parametrize("separator", [None, "|", ", ", {}, {"genres": "|", "tags": ",", "interests": ";"}])
def test_a_separator_is_one_for_all_columns_or_one_for_each(separator: object) -> None:
    values = changed("features.separator", separator)
    values["features"] |= {"users": ["interests"], "programs": ["genres", "tags"]}
    assert Params.parse(values, "params.yaml").model_dump(exclude_unset=True) == values


LOW_AND_HIGH = "it takes low and high, with log: true by orders of magnitude, or values"
NUMBER = "it must be a number from -1000000000 to 1000000000"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("lightgbm", {}, " is not a setting; the settings here are lightfm, history, ease, ials, item_knn, rp3beta"),
        ("ease", None, " is None: it takes keys with values; {} for none"),
        ("ease.l3", {"values": [1.0]}, " is not a setting; the settings here are l2, most_items"),
        ("ease.\x1b[31m", {"values": [1.0]}, ".'\\x1b[31m' is not a setting; the settings here are l2, most_items"),
        ("lightfm.family", {"values": ["ease"]}, " is not a setting; the settings here are seeds, trainer, loss, "),
        ("lightfm.settings", {"values": ["given"]}, " is not a setting; the settings here are seeds, trainer, loss, "),
        ("ease.l2", 3.0, " is 3.0; it takes the keys low, high, log, values"),
        ("ease.l2", [1.0, 3.0], " is [1.0, 3.0]; it takes the keys low, high, log, values"),
        ("ease.l2", {"lo": 1.0, "values": [1.0]}, ".lo is not a setting; the settings here are low, high, log, values"),
        ("ease.l2", {}, f" is {{}}: {LOW_AND_HIGH}"),
        ("ease.l2", {"low": 1.0}, f" is {{'low': 1.0}}: {LOW_AND_HIGH}"),
        ("ease.l2", {"high": 1.0, "values": [1.0]}, f" is {{'high': 1.0, 'values': …}}: {LOW_AND_HIGH}"),
        ("ease.l2", {"low": 1.0, "high": 2.0, "values": [1.0]}, f": {LOW_AND_HIGH}"),
        ("ease.l2", {"log": True, "values": [1.0]}, f" is {{'log': True, 'values': …}}: {LOW_AND_HIGH}"),
        ("ease.l2", {"low": 5.0, "high": 1.0}, ": low must be less than high, and they are 5.0 and 1.0"),
        ("ease.l2", {"low": 1.0, "high": 1.0}, ": low must be less than high, and they are 1.0 and 1.0"),
        (
            "item_knn.shrinkage",
            {"low": 0.0, "high": 1.0, "log": True},
            ": low must be above 0 where log is true, and is",
        ),
        ("ease.l2", {"low": "a", "high": 2.0}, f".low is 'a': {NUMBER}"),
        ("ease.l2", {"low": True, "high": 2.0}, f".low is True: {NUMBER}"),
        ("ease.l2", {"low": 1.0, "high": float("inf")}, f".high is inf: {NUMBER}"),
        ("ease.l2", {"low": float("nan"), "high": 1.0}, f".low is nan: {NUMBER}"),
        ("ease.l2", {"low": 1.0, "high": 10**5000}, f".high is a number of about 5,000 digits: {NUMBER}"),
        ("ease.l2", {"low": 1.0, "high": 2.0, "log": "yes"}, ".log is 'yes': it must be a valid boolean"),
        ("ease.l2", {"low": 0.0, "high": 1.0}, ".low is 0.0: it must be greater than 0"),
        ("history.dropout", {"low": 0.0, "high": 1.0}, ".high is 1.0: it must be less than 1"),
        ("item_knn.neighbours", {"low": 1.5, "high": 20.0}, ".low is 1.5: it must be a valid integer"),
        (
            "item_knn.side",
            {"values": ["candidate", "both"]},
            ".values.1 is 'both': it must be 'candidate' or 'history'",
        ),
        ("item_knn.side", {"values": ["x" * 10**6]}, "…': it must be 'candidate' or 'history'"),
        ("item_knn.side", {"low": 1, "high": 2}, ".low is 1: it must be 'candidate' or 'history'"),
        ("item_knn.side", {"values": []}, ".values is []: it must have at least 1 item"),
        ("item_knn.side", {"values": "history"}, ".values is 'history': it must be a valid list"),
        (
            "lightfm.epochs",
            {"values": [5, 10]},
            " must be a range of whole numbers: low and high, the most that a trial",
        ),
        (
            "lightfm.epochs",
            {"low": 1.0, "high": 10.0},
            " must be a range of whole numbers: low and high, the most that",
        ),
        ("lightfm.epochs", {"low": 0, "high": 10}, ".low is 0: it must be greater than or equal to 1"),
    ],
    ids=lambda value: ascii(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_a_wrong_space_is_one_short_line_that_names_the_place(path: str, value: object, message: str) -> None:
    with pytest.raises(RecommenderError) as error:
        Params.parse(changed(f"search.space.{path}", value), "params.yaml")
    said = str(error.value)
    assert message in said
    where = f"params.yaml.search.space.{path}"
    assert said.startswith(where if where.isprintable() else "params.yaml.search.space.ease")
    assert len(said) < 500
    assert said.isprintable()


@pytest.mark.parametrize(
    "dimension",
    [{"low": 1, "high": 5}, {"low": 0.5, "high": 5}, {"low": 1, "high": 5.0, "log": True}, {"values": [1, 2.5]}],
)
def test_whole_numbers_are_taken_where_numbers_are(dimension: dict[str, Any]) -> None:
    found = Params.parse(changed("search.space.ease.l2", dimension), "params.yaml").search.space.ease["l2"]
    assert found.model_dump(exclude_unset=True) == dimension
    assert found.is_whole == (dimension == {"low": 1, "high": 5})


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("families", [], "search.families is []: it must have at least 1 item"),
        ("families", ["ease", "ials", "ease"], ": it must name each family once"),
        (
            "families",
            ["eas"],
            "search.families.0 is 'eas': it must be 'lightfm', 'history', 'ease', 'ials', 'item_knn' or",
        ),
        ("trials", -1, "search.trials is -1: it must be greater than or equal to 0"),
        ("halving", 1, "search.halving is 1: it must be greater than or equal to 2"),
        ("space", [], "search.space is []; it takes the keys lightfm, history, ease, ials, item_knn, rp3beta"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_search_that_cannot_be_is_one_line(path: str, value: object, message: str) -> None:
    with pytest.raises(RecommenderError) as error:
        Params.parse(changed(f"search.{path}", value), "params.yaml")
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_of_many_wrong_keys_the_first_ten_are_named() -> None:
    with pytest.raises(RecommenderError) as error:
        Params.parse(read_yaml(PARAMS) | {f"more{n}": n for n in range(100_000)}, "params.yaml")
    lines = str(error.value).splitlines()
    assert lines[0].startswith("params.yaml.more0 is not a setting")
    assert lines[10:] == ["params.yaml: 99,990 more keys or values are wrong"]
