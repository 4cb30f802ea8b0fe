"""A mistake in params.yaml is one line that names the key, what it got and what it takes."""

from pathlib import Path

import pytest

from recommender.errors import RecommenderError
from recommender.settings.params import Params
from recommender.settings.train import TrainSettings
from recommender.settings.yaml import read_yaml

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
